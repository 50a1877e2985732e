import { PatchBertError } from '@patchbert/errors';
import { linear, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type Weights, weightsBelow } from '../layers/weights.ts';
import { ascendingQuantiles } from './ascending-quantiles.ts';
import type { ForecastHeadConfig } from './forecast-head-config.ts';
import { tokenFeatures } from './token-features.ts';

/** What a head reads besides the tokens. Presence of an entry must not vary between the runs of one compiled step. */
export interface ForecastHeadInput {
  /** `[S, E]`, for a head with an `exogenousWidth`: finite numbers known when the forecast is made. */
  readonly exogenous?: tf.Tensor2D | undefined;
  /** `[S]` int32, for a head with a map per channel: the channel of each series, 0 to channels - 1. */
  readonly channel?: tf.Tensor1D | undefined;
  /** `[S, F]`, 0 or 1 / (1 - p), from `headDropoutMaskSpecs`; absent when evaluating. */
  readonly dropoutMask?: tf.Tensor2D | undefined;
}

/**
 * Tokens to forecasts in the normalised units of the patches: `[S, N, D] -> [S, H]`, or `[S, H, Q]` with quantile levels,
 * which never cross.
 *
 * @param parameters tensors by the names of `headParameterSpecs`.
 * @throws PatchBertError `encoder/bad-input` when an entry is missing or too many; `encoder/missing-tensor`,
 * `ops/shape-mismatch`.
 * @example
 * const forecast = forecastHead(parameters, head, encodePatches(parameters, encoder, { patches }));
 */
export function forecastHead(
  parameters: Tensors,
  config: ForecastHeadConfig,
  tokens: tf.Tensor3D,
  input: ForecastHeadInput = {},
): tf.Tensor {
  checkInput(config, input);
  const { exogenous, channel, dropoutMask } = input;
  const weights = weightsBelow(parameters, 'head');
  const features = tokenFeatures(tokens, config); // [S, N, D] -> [S, F]
  const kept = dropoutMask ? tf.mul<tf.Tensor2D>(features, dropoutMask) : features;
  const inputs = exogenous ? tf.concat([kept, exogenous], 1) : kept; // [S, F] and [S, E] -> [S, F+E]
  const outputs = channel
    ? linearByChannel(inputs, weights, channel) // [S, F+E] -> [S, H*Q]
    : linear(inputs, weights<tf.Tensor2D>('weight'), weights<tf.Tensor1D>('bias')); // [S, F+E] -> [S, H*Q]
  const { quantileLevels, horizon } = config;
  if (quantileLevels === undefined) return outputs;
  const raw = tf.reshape(outputs, [-1, horizon, quantileLevels.length]) as tf.Tensor3D; // [S, H*Q] -> [S, H, Q]
  return ascendingQuantiles(raw, quantileLevels);
}

/**
 * Each series by the map of its channel. All maps are applied as one product and one result is kept: about as much
 * arithmetic per step as the optimiser needs for so many weights, and no weight is copied for every series.
 */
function linearByChannel(inputs: tf.Tensor2D, weights: Weights, channel: tf.Tensor1D): tf.Tensor2D {
  const weight = weights<tf.Tensor3D>('weight');
  const [channels, outputs, width] = weight.shape;
  const series = inputs.shape[0];
  const rows = tf.reshape(weight, [channels * outputs, width]); // [C, H*Q, F+E] -> [C*H*Q, F+E]
  const bias = tf.reshape(weights('bias'), [channels * outputs]); // [C, H*Q] -> [C*H*Q]
  const everyChannel = linear(inputs, rows, bias); // [S, F+E] -> [S, C*H*Q]
  const byChannel = tf.reshape(everyChannel, [series, channels, outputs]); // [S, C*H*Q] -> [S, C, H*Q]
  const numbers = tf.reshape(tf.range(0, channels, 1, 'int32'), [1, channels, 1]); // [C] -> [1, C, 1]
  const own = tf.equal(tf.reshape(channel, [series, 1, 1]), numbers); // [S] -> [S, 1, 1]; [S, C, 1]
  return tf.sum(tf.mul(byChannel, tf.cast(own, 'float32')), 1); // [S, C, H*Q] -> [S, H*Q]
}

function checkInput(config: ForecastHeadConfig, { exogenous, channel }: ForecastHeadInput): void {
  const refuse = (what: string): never => {
    throw new PatchBertError('encoder/bad-input', `forecastHead: ${what}.`);
  };
  const { exogenousWidth, channels } = config;
  const width = exogenous?.shape[1] ?? 0;
  if (width !== exogenousWidth) {
    refuse(`exogenous has ${width} numbers per series, and the head was made for ${exogenousWidth}`);
  }
  if (channels !== 'shared' && !channel) {
    refuse(
      `the head has a map for each of ${channels} channels; pass channel, the number of each series' channel`,
    );
  }
  if (channels === 'shared' && channel) {
    refuse('the head has one map for all channels; leave channel out');
  }
}
