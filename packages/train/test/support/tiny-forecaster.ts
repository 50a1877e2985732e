import {
  type EncoderConfig,
  encoderConfigSchema,
  encoderParameterSpecs,
  type ForecastHeadConfig,
  forecastHeadConfigSchema,
  initialiseHead,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensors, type Tensors } from '@patchbert/ops';
import { deriveKey, type RandomKey, randomKey, uniforms } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';

/** A forecaster of 3 steps from 4 patches of 2 points, small enough to train in a test. */
export const tinyEncoder: EncoderConfig = parseConfig(
  encoderConfigSchema,
  { patchLength: 2, patchCount: 4, width: 8, layers: 2, heads: 2, feedForwardWidth: 8 },
  'tiny encoder',
);

export function tinyHead(options: object = {}): ForecastHeadConfig {
  return parseConfig(forecastHeadConfigSchema, { horizon: 3, ...options }, 'tiny head');
}

export function tinyParameters(head: ForecastHeadConfig, encoder = tinyEncoder): HostTensors {
  return {
    ...initialiseParameters(encoderParameterSpecs(encoder), randomKey(1)),
    ...initialiseHead(head, encoder, randomKey(1)),
  };
}

/** Sines of any phase: eight points to look at and the three that follow. */
export function sineBatch(key: RandomKey, series = 8): HostTensors {
  const phases = uniforms(deriveKey(key, 'phase'), series);
  const at = (s: number, t: number) => Math.sin(2 * Math.PI * phases[s]! + 0.7 * t);
  const fill = (length: number, first: number) =>
    Float32Array.from({ length: series * length }, (_, i) =>
      at(Math.floor(i / length), first + (i % length)),
    );
  return {
    patches: float32Tensor(fill(8, 0), [series, 4, 2]),
    target: float32Tensor(fill(3, 8), [series, 3]),
    lossWeight: float32Tensor(new Float32Array(series * 3).fill(1), [series, 3]),
  };
}

export function toTensors(host: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(host).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]),
  );
}
