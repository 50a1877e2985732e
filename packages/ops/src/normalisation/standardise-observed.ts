import * as tf from '@tensorflow/tfjs-core';

/** What `standardiseObserved` returns. */
export interface StandardisedSeries {
  /** `[S, L]`: deviations from the mean, 0 where nothing was observed. */
  readonly centred: tf.Tensor2D;
  /** `[S, L]`: 1 = observed. */
  readonly observed: tf.Tensor2D;
  /** `[S, 1]` each: mean and population deviation over observed points; both 0 for a series without any. */
  readonly mean: tf.Tensor2D;
  readonly deviation: tf.Tensor2D;
}

/**
 * Mean and deviation of raw series over their observed points, inside a step: what `instanceStatistics` computes on the host in
 * float64, to the last digits of float32 whatever the level of the series. The mean is corrected by the mean of what it leaves, and
 * squares are taken of shares of the largest deviation, so that neither an offset of 1e8 nor values of 1e30 cost digits.
 * For prediction; not meant to be differentiated.
 *
 * @param x `[S, L]`, NaN where a value is missing.
 * @example
 * const { centred, deviation } = standardiseObserved(x); // x [S, L]
 */
export function standardiseObserved(x: tf.Tensor2D): StandardisedSeries {
  return tf.tidy(() => {
    const missing = tf.isNaN(x);
    const observed = tf.cast(tf.logicalNot(missing), 'float32') as tf.Tensor2D;
    const known = tf.where(missing, tf.zerosLike(x), x);
    const share = tf.div(observed, tf.maximum(tf.sum(observed, 1, true), 1)); // [S, L]
    const average = (y: tf.Tensor) => tf.sum(tf.mul(y, share), 1, true) as tf.Tensor2D; // [S, L] -> [S, 1]
    const first = average(known);
    const nearly = tf.mul(tf.sub(known, first), observed);
    const rest = average(nearly);
    const centred = tf.mul(tf.sub(nearly, rest), observed) as tf.Tensor2D;
    const largest = tf.max(tf.abs(centred), 1, true); // [S, L] -> [S, 1]
    const unit = tf.where(tf.greater(largest, 0), largest, tf.onesLike(largest));
    const deviation = tf.mul(unit, tf.sqrt(average(tf.square(tf.div(centred, unit))))) as tf.Tensor2D;
    return { centred, observed, mean: tf.add<tf.Tensor2D>(first, rest), deviation };
  });
}
