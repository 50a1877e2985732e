import * as tf from '@tensorflow/tfjs-core';

/** Mean and variance of each feature, `[F]` each. */
export interface BatchStatistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/**
 * Mean and population variance of each feature over everything else; constant: carries no gradient of `batchNormalise`.
 *
 * @param x `[..., F]`.
 * @example
 * const { mean, variance } = batchStatistics(features);
 */
export function batchStatistics(x: tf.Tensor): BatchStatistics {
  const [mean, variance] = tf.tidy(() => {
    const rows = tf.reshape(x, [-1, x.shape[x.rank - 1]!]); // [..., F] -> [M, F]
    const centre = tf.mean(rows, 0);
    return [centre, tf.mean(tf.square(tf.sub(rows, centre)), 0)] as const;
  }) as [tf.Tensor, tf.Tensor];
  return { mean, variance };
}

/**
 * Statistics to normalise by where there is no batch: `(1 - momentum) running + momentum batch`, with the sample variance
 * (divided by M - 1) of the batch, as PyTorch keeps them.
 *
 * @param running the statistics so far, mean 0 and variance 1 to begin with.
 * @param x the batch, `[..., F]`.
 * @param momentum share of the batch, such as 0.1.
 * @example
 * const next = runningStatistics({ mean: tf.zeros([8]), variance: tf.ones([8]) }, features, 0.1);
 */
export function runningStatistics(running: BatchStatistics, x: tf.Tensor, momentum: number): BatchStatistics {
  const [mean, variance] = tf.tidy(() => {
    const batch = batchStatistics(x);
    const rows = x.size / batch.mean.size;
    const sample = tf.mul(batch.variance, rows / Math.max(1, rows - 1));
    const moved = (from: tf.Tensor, to: tf.Tensor) =>
      tf.add(tf.mul(from, 1 - momentum), tf.mul(to, momentum));
    return [moved(running.mean, batch.mean), moved(running.variance, sample)] as const;
  }) as [tf.Tensor, tf.Tensor];
  return { mean, variance };
}
