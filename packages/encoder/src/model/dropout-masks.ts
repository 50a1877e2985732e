import {
  elementCount,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  type TensorSpec,
} from '@patchbert/ops';
import { deriveKey, type RandomKey, randomUint32s } from '@patchbert/random';
import type { EncoderConfig } from '../config/encoder-config.ts';
import type { ForecastHeadConfig } from '../heads/forecast-head-config.ts';
import { headFeatureWidth } from '../heads/head-parameters.ts';

/**
 * Names and shapes `[S*T, D]` (T counts a class token) of the dropout masks of one training step; empty when `dropout` is 0. They enter a step as
 * inputs, drawn on the host, so that every backend drops the same numbers.
 *
 * @param shape `tokens` per series is what `encodedTokenCount` says.
 * @example
 * dropoutMaskSpecs(config.encoder, { series: 64, tokens: encodedTokenCount(config, 17) });
 */
export function dropoutMaskSpecs(
  config: EncoderConfig,
  shape: { readonly series: number; readonly tokens: number },
): Readonly<Record<string, TensorSpec>> {
  if (config.dropout === 0) return {};
  const names = ['encoder.embedding'];
  for (let layer = 0; layer < config.layers; layer++) {
    names.push(`encoder.layers.${layer}.attention`, `encoder.layers.${layer}.feedForward`);
  }
  const spec: TensorSpec = {
    shape: [shape.series * (shape.tokens + Number(config.classToken)), config.width],
    dtype: 'float32',
  };
  return Object.fromEntries(names.map((name) => [name, spec]));
}

/** Name and shape `[S, F]` of a forecast head's dropout mask, `head`; empty when its `dropout` is 0. */
export function headDropoutMaskSpecs(
  head: ForecastHeadConfig,
  encoder: EncoderConfig,
  series: number,
): Readonly<Record<string, TensorSpec>> {
  if (head.dropout === 0) return {};
  return { head: { shape: [series, headFeatureWidth(head, encoder)], dtype: 'float32' } };
}

/**
 * Draws the masks of `specs`: each number is 1 / (1 - p) with probability 1 - p, else 0, so the expected sum is kept.
 *
 * @param config of the encoder or of a head: only its `dropout` is read.
 * @param key one per step, such as `deriveKey(seed, 'dropout', step)`.
 */
export function drawDropoutMasks(
  config: Pick<EncoderConfig, 'dropout'>,
  specs: Readonly<Record<string, TensorSpec>>,
  key: RandomKey,
): HostTensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, drawMask(spec, config.dropout, deriveKey(key, name))]),
  );
}

/** One 32-bit word per number is enough: p is met within 2^-32. */
function drawMask({ shape }: TensorSpec, rate: number, key: RandomKey): HostTensor {
  const words = randomUint32s(key, elementCount(shape));
  const values = new Float32Array(words.length);
  const threshold = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  for (let i = 0; i < words.length; i++) values[i] = words[i]! >= threshold ? kept : 0;
  return float32Tensor(values, shape);
}
