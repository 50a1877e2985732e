import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';

/**
 * Replaces marked tokens by the learned mask token.
 *
 * Devlin et al.: "BERT: pre-training of deep bidirectional transformers", 2018.
 *
 * @param tokens `[S, N, D]`.
 * @param maskToken `[D]`.
 * @param tokenMask `[S, N, 1]`, 1 = the mask token stands here.
 * @returns `[S, N, D]`.
 * @example
 * const tokens = placeMaskToken(embedded, maskToken, tokenMask);
 */
export function placeMaskToken(tokens: tf.Tensor3D, maskToken: tf.Tensor, tokenMask: tf.Tensor): tf.Tensor3D {
  return withGradient(
    [tokens, maskToken],
    () => {
      const kept = tf.mul(tokens, tf.sub(1, tokenMask));
      return tf.add(kept, tf.mul(tokenMask, maskToken)) as tf.Tensor3D;
    },
    (upstream) => [
      tf.mul(upstream, tf.sub(1, tokenMask)),
      tf.reshape(sumWhereMarked(upstream, tokenMask), maskToken.shape), // [1, D] -> [D]
    ],
  );
}

/** Sum of the marked tokens `[S, N, D]`, as one matrix product: `[1, D]`. */
export function sumWhereMarked(tokens: tf.Tensor3D, mark: tf.Tensor): tf.Tensor2D {
  const width = tokens.shape[2];
  const rows = tf.reshape(tokens, [-1, width]) as tf.Tensor2D; // [S, N, D] -> [S*N, D]
  const column = tf.reshape(mark, [-1, 1]) as tf.Tensor2D; // [S, N, 1] -> [S*N, 1]
  return tf.matMul(column, rows, true); // [S*N, 1]^T x [S*N, D] -> [1, D]
}
