import * as tf from '@tensorflow/tfjs-core';

/** Options of `instanceNormalise`. */
export interface InstanceNormaliseOptions {
  /** The shape of `x`, 1 = observed; everything when left out. */
  readonly observed?: tf.Tensor;
  /** The axis of time, such as 1 for `[B, L, C]`. */
  readonly axis: number;
  /** Inside the root; default 1e-5. */
  readonly epsilon?: number;
}

/** Location and scale as tensors, of size 1 along the axis of time. */
export interface InstanceMoments {
  readonly mean: tf.Tensor;
  readonly scale: tf.Tensor;
}

/** What `instanceNormalise` returns. */
export interface NormalisedInstances extends InstanceMoments {
  /** The shape of `x`. */
  readonly normalised: tf.Tensor;
}

/**
 * Normalises each series by its own mean and `sqrt(population variance + epsilon)` over observed points,
 * inside the graph; differentiable through mean and scale. `instanceStatistics` is its float64 twin on the host.
 *
 * Kim et al.: "Reversible instance normalization", ICLR 2022. Unobserved points are left out of the statistics and
 * normalised like the others, so they must hold a finite filler. A series that was never observed gets mean 0
 * and scale `sqrt(epsilon)`.
 *
 * @example
 * const { normalised, mean, scale } = instanceNormalise(x, { axis: 1 }); // x [B, L, C], mean [B, 1, C]
 */
export function instanceNormalise(x: tf.Tensor, options: InstanceNormaliseOptions): NormalisedInstances {
  const { observed, axis, epsilon = 1e-5 } = options;
  return tf.tidy(() => {
    const average = observed ? observedAverage(observed, axis) : (y: tf.Tensor) => tf.mean(y, axis, true);
    const mean = average(x);
    const centred = tf.sub(x, mean);
    const scale = tf.sqrt(tf.add(average(tf.square(centred)), epsilon));
    return { normalised: tf.div(centred, scale), mean, scale };
  });
}

function observedAverage(observed: tf.Tensor, axis: number): (y: tf.Tensor) => tf.Tensor {
  const count = tf.maximum(tf.sum(observed, axis, true), 1);
  return (y) => tf.div(tf.sum(tf.mul(y, observed), axis, true), count);
}

/**
 * The inverse of `instanceNormalise`: back in the user's units, for any length along the axis of time.
 *
 * @example
 * const forecast = instanceDenormalise(prediction, { mean, scale });
 */
export function instanceDenormalise(x: tf.Tensor, { mean, scale }: InstanceMoments): tf.Tensor {
  return tf.tidy(() => tf.add(tf.mul(x, scale), mean));
}
