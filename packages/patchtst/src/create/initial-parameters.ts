import { initialiseParameters } from '@patchbert/encoder';
import {
  float32Tensor,
  type HostTensor,
  type HostTensors,
  int32Tensor,
  sincosPositions,
} from '@patchbert/ops';
import type { RandomKey } from '@patchbert/random';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { tokenCount } from '../config/token-layout.ts';
import { patchtstParameterSpecs } from '../parameters/parameter-specs.ts';

/**
 * Start values of every tensor of a model: those of our encoder (Xavier-uniform weights, learned positions that start as sines and
 * cosines), fixed positions in PatchTST's normalised form, and running statistics of mean 0 and variance 1.
 */
export function initialParameters(config: PatchTSTConfig, key: RandomKey): HostTensors {
  const specs = patchtstParameterSpecs(config);
  const drawn = initialiseParameters(specs, key);
  const entries = Object.entries(specs).map(([name, { shape, role }]): [string, HostTensor] => {
    if (name.endsWith('.batchCount')) return [name, int32Tensor(new Int32Array(1), shape)];
    if (name.endsWith('.runningVariance'))
      return [name, float32Tensor(new Float32Array(config.width).fill(1))];
    if (role === 'fixed')
      return [name, float32Tensor(sincosPositions(tokenCount(config), config.width), shape)];
    return [name, drawn[name]!];
  });
  return Object.fromEntries(entries);
}
