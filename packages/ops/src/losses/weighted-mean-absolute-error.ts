import * as tf from '@tensorflow/tfjs-core';
import { weightedLoss } from './weighted-loss.ts';

/**
 * Weighted mean absolute error, `sum(w |p - t|) / max(sum(w), 1)`. The slope where prediction and target agree is 0.
 *
 * @param prediction such as `[S, H]`; the gradient goes here alone.
 * @param target the shape of `prediction`, constant and finite everywhere, even where the weight is 0.
 * @param weight the shape of `prediction` or one that broadcasts to it, constant, 1 = counts.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const loss = weightedMeanAbsoluteError(forecast, target, lossWeight);
 */
export function weightedMeanAbsoluteError(
  prediction: tf.Tensor,
  target: tf.Tensor,
  weight: tf.Tensor,
): tf.Scalar {
  return weightedLoss('weightedMeanAbsoluteError', prediction, target, weight, (difference) => ({
    value: tf.abs(difference),
    slope: tf.sign(difference),
  }));
}
