import { linear, poolTokens, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { type DropoutMasks, drop } from './dropout.ts';

/** Location and scale of every series, `[B, 1, C]` each. */
export interface SeriesScale {
  readonly loc: tf.Tensor;
  readonly scale: tf.Tensor;
}

/**
 * What a model says of the last hidden states `[B, C, T, D]`: patches `[B, C, N, P]` in scaled units (`pretrain`), a forecast
 * `[B, H, C]` in the series' own units (`forecast`), logits or numbers `[B, K]` (`classify`, `regress`), or nothing (`encode`).
 */
export function head(
  parameters: Tensors,
  config: PatchTSTConfig,
  hidden: tf.Tensor4D,
  series: SeriesScale,
  masks: DropoutMasks,
): tf.Tensor | undefined {
  switch (config.task) {
    case 'pretrain':
      return reconstruction(parameters, config, hidden, masks);
    case 'forecast': {
      const scaled = forecast(parameters, config, hidden, masks);
      return tf.add(tf.mul(scaled, series.scale), series.loc); // [B, H, C] and [B, 1, C]
    }
    case 'classify':
      return ofAllChannels(parameters, config, hidden, masks);
    case 'regress':
      return within(config.outputRange, ofAllChannels(parameters, config, hidden, masks));
    case 'encode':
      return undefined;
  }
}

/** Every token's patch; the class token has none. */
function reconstruction(
  parameters: Tensors,
  config: PatchTSTConfig,
  hidden: tf.Tensor4D,
  masks: DropoutMasks,
) {
  const patches = project(parameters, drop(hidden, masks, 'head')) as tf.Tensor4D; // [B, C, T, D] -> [B, C, T, P]
  if (!config.classToken) return patches;
  const [batch, channels, tokens, length] = patches.shape;
  return tf.slice(patches, [0, 0, 1, 0], [batch, channels, tokens - 1, length]); // [B, C, 1+N, P] -> [B, C, N, P]
}

/** One map for all channels, in scaled units. */
function forecast(parameters: Tensors, config: PatchTSTConfig, hidden: tf.Tensor4D, masks: DropoutMasks) {
  const [batch, channels] = hidden.shape;
  const features = drop(seriesFeatures(config, hidden), masks, 'head');
  const steps = project(parameters, features); // [B*C, F] -> [B*C, H]
  const apart = tf.reshape(steps, [batch, channels, config.horizon]); // [B*C, H] -> [B, C, H]
  return tf.transpose(apart, [0, 2, 1]); // [B, C, H] -> [B, H, C]
}

/** One map of the channels' features, channel after channel. */
function ofAllChannels(
  parameters: Tensors,
  config: PatchTSTConfig,
  hidden: tf.Tensor4D,
  masks: DropoutMasks,
) {
  const [batch, channels, , width] = hidden.shape;
  const features = tf.reshape(seriesFeatures(config, hidden), [batch, channels * width]); // [B*C, D] -> [B, C*D]
  return project(parameters, drop(features, masks, 'head')); // [B, C*D] -> [B, K]
}

/** `[B, C, T, D] -> [B*C, F]`: the class token, or the tokens pooled, or all of them, patch after patch. */
function seriesFeatures({ classToken, pooling }: PatchTSTConfig, hidden: tf.Tensor4D): tf.Tensor2D {
  const [batch, channels, tokens, width] = hidden.shape;
  const series = batch * channels;
  const bySeries = tf.reshape(hidden, [series, tokens, width]) as tf.Tensor3D; // [B, C, T, D] -> [B*C, T, D]
  if (classToken) {
    const first = tf.slice(bySeries, [0, 0, 0], [series, 1, width]); // [B*C, T, D] -> [B*C, 1, D]
    return tf.reshape(first, [series, width]); // [B*C, 1, D] -> [B*C, D]
  }
  if (pooling === 'none') return tf.reshape(bySeries, [series, tokens * width]); // [B*C, N, D] -> [B*C, N*D]
  return poolTokens(bySeries, [pooling]); // [B*C, N, D] -> [B*C, D]
}

function project<T extends tf.Tensor>(parameters: Tensors, features: T): T {
  return linear(features, parameters['head.weight']!, parameters['head.bias']!);
}

function within(range: readonly [number, number] | undefined, x: tf.Tensor): tf.Tensor {
  if (range === undefined) return x;
  const [low, high] = range;
  return tf.add(tf.mul(tf.sigmoid(x), high - low), low);
}
