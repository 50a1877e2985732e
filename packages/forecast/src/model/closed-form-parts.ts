import { type ForecastHeadConfig, forecastHeadConfigSchema } from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors } from '@patchbert/ops';
import type { ForecastEncoder } from '../closed-form/features.ts';
import type { RidgeHead } from '../closed-form/fit-ridge-heads.ts';
import type { LinearPart, NetworkPart } from './horizon-model.ts';

/** A ridge head on the context as the linear part of a model. */
export function linearPart(head: RidgeHead): LinearPart {
  return transposed(head);
}

/** A ridge head on frozen features as a network: the flatten head with these weights. */
export function networkPart(encoder: ForecastEncoder, parameters: HostTensors, head: RidgeHead): NetworkPart {
  const { weight, bias } = transposed(head);
  const { patchCount, width } = encoder.config;
  return {
    encoder,
    head: flattenHead(head.horizon, head.features - 1 - patchCount * width),
    parameters: { ...parameters, 'head.weight': weight, 'head.bias': bias },
  };
}

function flattenHead(horizon: number, exogenousWidth: number): ForecastHeadConfig {
  return parseConfig(forecastHeadConfigSchema, { horizon, exogenousWidth }, 'forecast head');
}

/** `[F, H]` with the constant's row last -> weight `[H, F - 1]` and bias `[H]`. */
function transposed({ weights, features, horizon }: RidgeHead): { weight: HostTensor; bias: HostTensor } {
  const inputs = features - 1;
  const weight = new Float32Array(horizon * inputs);
  for (let f = 0; f < inputs; f++) {
    for (let h = 0; h < horizon; h++) weight[h * inputs + f] = weights[f * horizon + h]!;
  }
  return {
    weight: float32Tensor(weight, [horizon, inputs]),
    bias: float32Tensor(weights.slice(inputs * horizon), [horizon]),
  };
}
