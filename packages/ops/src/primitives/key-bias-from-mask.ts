import * as tf from '@tensorflow/tfjs-core';

/** Far below any score, far above the float32 limit: a row whose keys are all ignored stays finite. */
const IGNORED = 1e9;

/**
 * Turns a mask of keys into the bias that `scaledDotProductAttention` adds to its scores: 0 where the key may
 * be attended, -1e9 where not.
 *
 * @param mask `[B, T]`, 1 = may be attended, 0 = ignored.
 * @returns `[B, 1, 1, T]`.
 * @example
 * const keyBias = keyBiasFromMask(tf.tensor2d([[1, 1, 0]]));
 */
export function keyBiasFromMask(mask: tf.Tensor): tf.Tensor4D {
  return tf.tidy(() => {
    const bias = tf.mul(tf.sub(mask, 1), IGNORED);
    return tf.reshape(bias, [mask.shape[0]!, 1, 1, mask.shape[1]!]); // [B, T] -> [B, 1, 1, T]
  });
}
