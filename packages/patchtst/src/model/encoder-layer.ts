import { selfAttention, type Weights, weightsBelow, within } from '@patchbert/encoder';
import { linear, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { activate } from './activations.ts';
import { type DropoutMasks, drop } from './dropout.ts';
import type { Norm } from './norms.ts';

/** How a layer's rows stand for `[B, C, T, D]`. */
export interface TokenShape {
  readonly batch: number;
  readonly channels: number;
  readonly tokens: number;
}

/**
 * One layer on rows of tokens `[B*C*T, D]`: attention along time, attention along channels where the model has it, feed-forward.
 *
 * `pre` computes `x + f(norm(x))`, `post` `norm(x + f(x))`, each with a norm of its own.
 */
export function encoderLayer(
  parameters: Tensors,
  config: PatchTSTConfig,
  name: string,
  rows: tf.Tensor2D,
  shape: TokenShape,
  norm: Norm,
  masks: DropoutMasks,
): tf.Tensor2D {
  const { batch, channels, tokens } = shape;
  const weights = weightsBelow(parameters, name);
  const add = (x: tf.Tensor2D, normName: string, path: string, f: (rows: tf.Tensor2D) => tf.Tensor2D) => {
    const normalised = `${name}.${normName}`;
    const sum = (y: tf.Tensor2D) => tf.add<tf.Tensor2D>(x, drop(f(y), masks, `${name}.${path}`));
    return config.normPlacement === 'pre' ? sum(norm(x, normalised)) : norm(sum(x), normalised);
  };
  const attend = (x: tf.Tensor2D, series: number, place: string) =>
    selfAttention(x, within(weights, 'attention'), {
      series,
      heads: config.heads,
      weightMask: masks(`${name}.${place}`) as tf.Tensor4D | undefined,
    });
  const alongTime = (x: tf.Tensor2D) => attend(x, batch * channels, 'attention');
  const alongChannels = (x: tf.Tensor2D) => {
    const turned = swapAxes(x, [batch, channels, tokens]); // [B*C*T, D] -> [B*T*C, D]
    const mixed = attend(turned, batch * tokens, 'channelAttention');
    return swapAxes(mixed, [batch, tokens, channels]); // [B*T*C, D] -> [B*C*T, D]
  };

  let x = add(rows, 'attentionNorm', 'attentionPath', alongTime);
  if (config.channelAttention) x = add(x, 'channelNorm', 'channelPath', alongChannels);
  return add(x, 'feedForwardNorm', 'feedForwardPath', (y) =>
    feedForward(y, within(weights, 'feedForward'), config, masks, `${name}.feedForward`),
  );
}

function feedForward(
  rows: tf.Tensor2D,
  weights: Weights,
  { activation, feedForwardBias }: PatchTSTConfig,
  masks: DropoutMasks,
  place: string,
): tf.Tensor2D {
  const layer = (x: tf.Tensor2D, name: string) =>
    linear(x, weights(`${name}.weight`), feedForwardBias ? weights(`${name}.bias`) : undefined);
  const expanded = drop(activate(layer(rows, 'expand'), activation), masks, place); // [M, D] -> [M, F]
  return layer(expanded, 'contract'); // [M, F] -> [M, D]
}

/** Rows ordered by `[a, b, c]` to rows ordered by `[a, c, b]`. */
function swapAxes(rows: tf.Tensor2D, [a, b, c]: readonly [number, number, number]): tf.Tensor2D {
  const width = rows.shape[1];
  const apart = tf.reshape(rows, [a, b, c, width]); // [a*b*c, D] -> [a, b, c, D]
  return tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), [a * b * c, width]); // [a, c, b, D] -> [a*c*b, D]
}
