import * as tf from '@tensorflow/tfjs-core';

const LARGEST_FLOAT32 = 3.4028234663852886e38;
/** Keeps 0/0 from a series that is constant or empty. */
const FLOOR = 1e-30;

export interface StandardiseOptions {
  /** A deviation of at most this share of the mean is rounding: the series counts as constant. Default 0. */
  readonly constantBelow?: number;
}

/** What `standardiseObserved` returns. */
export interface StandardisedSeries {
  /** `[S, L]`; 0 where nothing was observed, and everywhere in a constant series. */
  readonly standardised: tf.Tensor2D;
  /** `[S, 1]` each: mean and population deviation over observed points; 0 for a series without any. */
  readonly mean: tf.Tensor2D;
  readonly deviation: tf.Tensor2D;
}

/**
 * Standardises each series by the mean and the population deviation of its observed points, inside a step: what `instanceStatistics`
 * computes on the host in float64, with epsilon 0, to the last digits of float32. What stands at missing points, NaN even, changes nothing.
 *
 * Single precision costs no digits: the middle between the lowest and the highest value is subtracted first, which is exact
 * where the offset is large, and squares are taken of shares of the range, so that none overflows. For prediction; not meant to be
 * differentiated.
 *
 * @param x `[S, L]`.
 * @param observed `[S, L]`, 1 where a value was measured, else 0.
 * @example
 * const { standardised, mean, deviation } = standardiseObserved(x, tf.onesLike(x)); // x [S, L]
 */
export function standardiseObserved(
  x: tf.Tensor2D,
  observed: tf.Tensor2D,
  { constantBelow = 0 }: StandardiseOptions = {},
): StandardisedSeries {
  return tf.tidy(() => {
    const isObserved = tf.greater(observed, 0);
    const orElse = (filler: number) => tf.where(isObserved, x, tf.fill(x.shape, filler));
    const highest = tf.max(orElse(-LARGEST_FLOAT32), 1, true); // [S, L] -> [S, 1]
    const lowest = tf.min(orElse(LARGEST_FLOAT32), 1, true); // [S, L] -> [S, 1]
    // Halves are added: a sum of two large values overflows.
    const middle = tf.add(tf.mul(highest, 0.5), tf.mul(lowest, 0.5));
    const centred = tf.mul(tf.sub(orElse(0), middle), observed);
    const range = tf.max(tf.abs(centred), 1, true); // [S, L] -> [S, 1]
    const unit = tf.maximum(range, FLOOR);
    const shares = tf.div(centred, unit);
    const count = tf.maximum(tf.sum(observed, 1, true), 1);
    const average = tf.div(tf.sum(shares, 1, true), count); // [S, L] -> [S, 1]
    const deviations = tf.mul(tf.sub(shares, average), observed);
    const spread = tf.sqrt(tf.div(tf.sum(tf.square(deviations), 1, true), count)); // [S, L] -> [S, 1]
    const mean = tf.add<tf.Tensor2D>(middle, tf.mul(average, unit));
    const deviation = tf.mul<tf.Tensor2D>(spread, unit);
    const varies = tf.cast(tf.greater(deviation, tf.mul(tf.abs(mean), constantBelow)), 'float32');
    return {
      standardised: tf.mul<tf.Tensor2D>(tf.div(deviations, tf.maximum(spread, FLOOR)), varies),
      mean,
      deviation: tf.mul<tf.Tensor2D>(deviation, varies),
    };
  });
}

/** `[S, L]`: 1 where a raw value is a number, for `standardiseObserved`. */
export function observedPoints(x: tf.Tensor2D): tf.Tensor2D {
  return tf.cast(tf.logicalNot(tf.isNaN(x)), 'float32') as tf.Tensor2D;
}
