import * as tf from '@tensorflow/tfjs-core';

/**
 * The learned part of reversible instance normalisation: `y * weight + bias`, one pair per channel.
 *
 * @param y `[B, L, C]`.
 * @param weight `[C]`.
 * @param bias `[C]`.
 * @example
 * const shifted = instanceAffine(normalised, weight, bias);
 */
export function instanceAffine(y: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.add(tf.mul(y, weight), bias));
}

/**
 * The inverse of `instanceAffine`: `(z - bias) / weight`, exactly; a weight near 0 has no inverse and makes the
 * result, and its gradient, as large as 1 / weight says.
 *
 * @param z `[B, L, C]`.
 * @example
 * const normalised = instanceAffineInverse(shifted, weight, bias);
 */
export function instanceAffineInverse(z: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.div(tf.sub(z, bias), weight));
}
