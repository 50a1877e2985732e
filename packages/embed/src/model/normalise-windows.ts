import * as tf from '@tensorflow/tfjs-core';

const LARGEST_FLOAT32 = 3.4028234663852886e38;
/** A deviation below this share of the mean is rounding: the window is constant. As forecasters have it. */
const ROUNDING = 1e-6;
/** Keeps 0/0 from a window that is constant or empty. */
const FLOOR = 1e-30;

/**
 * Normalises each window by the mean and the population deviation of its observed points, inside the graph. What stands at
 * missing points, NaN even, changes nothing; they come out as 0, and so does a window that is constant or empty.
 *
 * Single precision costs no digits: the middle between the lowest and the highest value is subtracted first, which is exact
 * where the offset is large, and squares are taken of shares of the range, so that none overflows. The result is that of
 * `instanceStatistics` (float64, on the host) with epsilon 0, to rounding.
 *
 * @param values `[S, L]`.
 * @param observed `[S, L]`, 1 where a value was measured, else 0.
 * @returns `[S, L]`.
 */
export function normaliseWindows(values: tf.Tensor2D, observed: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const isObserved = tf.greater(observed, 0);
    const orElse = (filler: number) => tf.where(isObserved, values, tf.fill(values.shape, filler));
    const highest = tf.max(orElse(-LARGEST_FLOAT32), 1, true); // [S, L] -> [S, 1]
    const lowest = tf.min(orElse(LARGEST_FLOAT32), 1, true); // [S, L] -> [S, 1]
    // Halves are added: a sum of two large values overflows.
    const middle = tf.add(tf.mul(highest, 0.5), tf.mul(lowest, 0.5));
    const centred = tf.mul(tf.sub(orElse(0), middle), observed);
    const range = tf.max(tf.abs(centred), 1, true); // [S, L] -> [S, 1]
    const shares = tf.div(centred, tf.maximum(range, FLOOR));
    const count = tf.maximum(tf.sum(observed, 1, true), 1);
    const mean = tf.div(tf.sum(shares, 1, true), count);
    const deviations = tf.mul(tf.sub(shares, mean), observed);
    const deviation = tf.sqrt(tf.div(tf.sum(tf.square(deviations), 1, true), count));
    const size = tf.abs(tf.add(middle, tf.mul(mean, range)));
    const varies = tf.cast(tf.greater(tf.mul(deviation, range), tf.mul(size, ROUNDING)), 'float32');
    return tf.mul<tf.Tensor2D>(tf.div(deviations, tf.maximum(deviation, FLOOR)), varies);
  });
}
