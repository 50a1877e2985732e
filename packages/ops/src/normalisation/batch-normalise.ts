import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { type BatchStatistics, batchStatistics } from './batch-statistics.ts';

export interface BatchNormaliseOptions {
  /** `[F]`, multiplied to the normalised features; none by default. */
  readonly scale?: tf.Tensor;
  /** `[F]`, added at the end; none by default. */
  readonly offset?: tf.Tensor;
  /** Constants to normalise by, such as running ones when predicting; those of the batch itself by default. */
  readonly statistics?: BatchStatistics;
}

/**
 * Batch normalisation of each feature over everything else: `(x - mean) / sqrt(variance + epsilon) * scale + offset`, with
 * mean and population variance of the batch, through which the gradient goes as well. With `statistics` they are constants, and a
 * row's result no longer depends on its batch.
 *
 * Ioffe, Szegedy: "Batch normalization", ICML 2015.
 *
 * @param x `[..., F]`.
 * @param epsilon inside the root, such as 1e-5.
 * @returns the shape of `x`.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const y = batchNormalise(features, 1e-5);
 */
export function batchNormalise<T extends tf.Tensor>(
  x: T,
  epsilon: number,
  { scale, offset, statistics }: BatchNormaliseOptions = {},
): T {
  const width = x.shape[x.rank - 1];
  for (const [name, one] of Object.entries({ scale, offset, ...statistics })) {
    if (one !== undefined && one.size !== width) {
      throw new PatchBertError(
        'ops/shape-mismatch',
        `batchNormalise: x is [${x.shape}] and ${name} [${one.shape}]; expected one number for each of ${width} features.`,
      );
    }
  }
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, width!]); // [..., F] -> [M, F]
    const normalised = statistics ? byConstants(rows, epsilon, statistics) : byBatch(rows, epsilon);
    const scaled = scale ? tf.mul(normalised, scale) : normalised;
    return tf.reshape(offset ? tf.add(scaled, offset) : scaled, x.shape) as tf.Tensor as T; // [M, F] -> [..., F]
  });
}

function byConstants(rows: tf.Tensor, epsilon: number, { mean, variance }: BatchStatistics): tf.Tensor {
  return tf.mul(tf.sub(rows, mean), tf.rsqrt(tf.add(variance, epsilon)));
}

/** `dx = inv * (g - mean(g) - xhat * mean(g * xhat))`, the means over rows. */
function byBatch(rows: tf.Tensor, epsilon: number): tf.Tensor {
  return withGradient(
    [rows],
    (save) => {
      const { mean, variance } = batchStatistics(rows);
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const normalised = tf.mul(tf.sub(rows, mean), inverse);
      save([normalised, inverse]);
      return normalised;
    },
    (upstream, [normalised, inverse]) => {
      const level = tf.mean(upstream, 0);
      const slope = tf.mean(tf.mul(upstream, normalised!), 0);
      return [tf.mul(tf.sub(tf.sub(upstream, level), tf.mul(normalised!, slope)), inverse!)];
    },
  );
}
