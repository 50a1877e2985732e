import * as tf from '@tensorflow/tfjs-core';

/**
 * The last token that counts, `[S, T, D] -> [S, 1, D]`; 0 where none does.
 *
 * @param counts `[S, T, 1]` of 0 and 1, constant; all count when left out.
 */
export function lastToken(tokens: tf.Tensor, counts?: tf.Tensor): tf.Tensor {
  const count = tokens.shape[1]!;
  if (counts === undefined) return tf.slice(tokens, [0, count - 1, 0], [-1, 1, -1]); // [S, T, D] -> [S, 1, D]
  const places = tf.mul(counts, tf.reshape(tf.range(1, count + 1), [1, count, 1])); // [T] -> [1, T, 1]
  const isLast = tf.cast(tf.equal(places, tf.max(places, 1, true)), 'float32');
  return tf.matMul(tf.mul(isLast, counts), tokens, true); // [S, T, 1]^T x [S, T, D] -> [S, 1, D]
}
