import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import { dropout } from './dropout.ts';
import { feedForward } from './feed-forward.ts';
import { normLayer } from './norm-layer.ts';
import { selfAttention } from './self-attention.ts';
import { type Weights, within } from './weights.ts';

export type BlockConfig = Pick<EncoderConfig, 'heads' | 'normPlacement' | 'activation' | 'normEpsilon'>;

export interface BlockOptions {
  readonly series: number;
  readonly keyBias?: tf.Tensor4D | undefined;
  /** Dropout masks below this block's name. */
  readonly masks?: Weights | undefined;
}

/**
 * One transformer block, `[S*T, D] -> [S*T, D]`: attention, then feed-forward, each added to what came in.
 *
 * `pre` (Xiong et al. 2020) computes `x + f(norm(x))`, `post` (Vaswani et al. 2017) `norm(x + f(x))`.
 */
export function transformerBlock(
  tokens: tf.Tensor2D,
  weights: Weights,
  config: BlockConfig,
  { series, keyBias, masks }: BlockOptions,
): tf.Tensor2D {
  const { heads, activation, normEpsilon } = config;
  const normalise = (x: tf.Tensor2D, name: string) => normLayer(x, within(weights, name), normEpsilon);
  const attend = (x: tf.Tensor2D) =>
    dropout(selfAttention(x, within(weights, 'attention'), { series, heads, keyBias }), masks, 'attention');
  const feed = (x: tf.Tensor2D) =>
    dropout(feedForward(x, within(weights, 'feedForward'), activation), masks, 'feedForward');

  if (config.normPlacement === 'pre') {
    const attended = tf.add<tf.Tensor2D>(tokens, attend(normalise(tokens, 'attentionNorm')));
    return tf.add(attended, feed(normalise(attended, 'feedForwardNorm')));
  }
  const attended = normalise(tf.add(tokens, attend(tokens)), 'attentionNorm');
  return normalise(tf.add(attended, feed(attended)), 'feedForwardNorm');
}
