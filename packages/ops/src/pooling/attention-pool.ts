import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { tokenWeights } from './token-weights.ts';

/** Far below any score. */
const IGNORED = 1e9;

/**
 * Tokens averaged by a learned attention: `softmax(tokens query / sqrt(D))` over the tokens of a series. A query of 0, a good
 * start, is the mean.
 *
 * Lin et al.: "A structured self-attentive sentence embedding", ICLR 2017, with one row and no hidden layer.
 *
 * @param tokens `[S, T, D]`.
 * @param query `[D]`, learned.
 * @param tokenWeight `[S, T]`, constant: tokens of weight 0 count nowhere, all others alike; a series without one gets 0. All
 *   count by default.
 * @returns `[S, D]`.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const features = attentionPool(tokens, query);
 */
export function attentionPool(tokens: tf.Tensor, query: tf.Tensor, tokenWeight?: tf.Tensor): tf.Tensor2D {
  const [series, count, width] = tokens.shape as [number, number, number];
  if (query.size !== width) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `attentionPool: tokens are [${tokens.shape}] and query [${query.shape}]; expected [S, T, D] and [D].`,
    );
  }
  return tf.tidy(() => {
    const { counts } = tokenWeights('attentionPool', tokens, tokenWeight);
    const seen = counts && tf.reshape(counts, [series, count]); // [S, T, 1] -> [S, T]
    const rows = tf.reshape(tokens, [series * count, width]); // [S, T, D] -> [S*T, D]
    const column = tf.reshape(tf.div(query, Math.sqrt(width)), [width, 1]); // [D] -> [D, 1]
    const scores = tf.reshape(tf.matMul(rows, column), [series, count]); // [S*T, D] x [D, 1] -> [S*T, 1] -> [S, T]
    const attention = tf.softmax(seen ? tf.add(scores, tf.mul(tf.sub(seen, 1), IGNORED)) : scores);
    // Where no token counts, softmax spreads over all of them.
    const share = tf.expandDims(seen ? tf.mul(attention, seen) : attention, 1); // [S, T] -> [S, 1, T]
    const pooled = tf.matMul(share, tokens); // [S, 1, T] x [S, T, D] -> [S, 1, D]
    return tf.reshape(pooled, [series, width]) as tf.Tensor2D; // [S, 1, D] -> [S, D]
  });
}
