import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { FUSED_KERNELS, runFused } from './run-fused.ts';
import { withGradient } from './with-gradient.ts';

/**
 * Layer normalisation over the last axis: `(x - mean) / sqrt(variance + epsilon) * scale + offset`, with the
 * population variance.
 *
 * Ba, Kiros, Hinton: "Layer normalization", 2016.
 *
 * @param x `[..., D]`.
 * @param scale `[D]`.
 * @param offset `[D]`.
 * @param epsilon inside the root, such as 1e-5.
 * @returns the shape of `x`.
 * @throws PatchBertError `ops/shape-mismatch` when scale or offset are not as wide as `x`.
 * @example
 * const y = layerNorm(tf.ones([2, 8]), tf.ones([8]), tf.zeros([8]), 1e-5);
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor,
  offset: tf.Tensor,
  epsilon: number,
): T {
  const width = x.shape[x.rank - 1];
  if (width === undefined || scale.size !== width || offset.size !== width) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `layerNorm: x is [${x.shape}], scale [${scale.shape}] and offset [${offset.shape}]; expected both as wide as the last axis of x.`,
    );
  }
  return withGradient(
    [x, scale, offset],
    (save) => {
      const [y, mean, inverse] = runFused(FUSED_KERNELS.layerNorm, { x, scale, offset }, { epsilon }, () =>
        plainLayerNorm(x, scale, offset, epsilon),
      );
      save([x, scale, mean!, inverse!]);
      return y as T;
    },
    layerNormGradients,
  );
}

function plainLayerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor[] {
  const mean = tf.mean(x, -1, true);
  const centred = tf.sub(x, mean);
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return [tf.add(tf.mul(tf.mul(centred, inverse), scale), offset), mean, inverse];
}

/**
 * `dx = inv * (g - mean(g) - xhat * mean(g * xhat))` with `g = upstream * scale`, written in terms of `x` so
 * that xhat is never built: six full-size passes, and every sum is a matrix product.
 */
function layerNormGradients(upstream: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, scale, mean, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const width = scale.size;
  const dy = tf.reshape(upstream, [-1, width]); // [..., D] -> [M, D]
  const rows = tf.reshape(x, [-1, width]); // [..., D] -> [M, D]
  const rowMean = tf.reshape(mean, [-1, 1]); // [..., 1] -> [M, 1]
  const rowInverse = tf.reshape(inverse, [-1, 1]); // [..., 1] -> [M, 1]
  const column = tf.reshape(scale, [width, 1]); // [D] -> [D, 1]

  const product = tf.mul(dy, rows);
  const sumG = tf.matMul(dy, column); // [M, D] x [D, 1] -> [M, 1]
  const sumGX = tf.matMul(product, column); // [M, D] x [D, 1] -> [M, 1]

  const cube = tf.mul(tf.mul(rowInverse, rowInverse), tf.div(rowInverse, width));
  const slope = tf.mul(tf.sub(tf.mul(sumG, rowMean), sumGX), cube); // [M, 1]
  const level = tf.add(tf.mul(slope, rowMean), tf.mul(sumG, tf.div(rowInverse, width))); // [M, 1]
  const direct = tf.mul(tf.mul(dy, tf.reshape(scale, [1, width])), rowInverse); // [D] -> [1, D]
  const dx = tf.sub(tf.add(direct, tf.mul(rows, slope)), level);

  const acrossX = tf.matMul(rowInverse, product, true); // [M, 1]^T x [M, D] -> [1, D]
  const acrossMean = tf.matMul(tf.mul(rowMean, rowInverse), dy, true); // [M, 1]^T x [M, D] -> [1, D]
  return [
    tf.reshape(dx, x.shape), // [M, D] -> [..., D]
    tf.reshape(tf.sub(acrossX, acrossMean), scale.shape), // [1, D] -> [D]
    tf.reshape(tf.sum(dy, 0), scale.shape), // [D] -> [D]
  ];
}
