import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { weightedLoss } from './weighted-loss.ts';

/**
 * Weighted Huber loss: `d^2 / 2` for differences within `delta`, `delta (|d| - delta / 2)` beyond, summed by weight
 * and divided by `max(sum(w), 1)`. Large errors pull with the force of an absolute error.
 *
 * Huber: "Robust estimation of a location parameter", 1964; the scale of `torch.nn.HuberLoss`. With `c` the difference
 * clipped to `delta`, both branches are `c (d - c / 2)`, and the slope is `c`.
 *
 * @param prediction such as `[S, H]`; the gradient goes here alone.
 * @param target the shape of `prediction`, constant and finite everywhere, even where the weight is 0.
 * @param weight the shape of `prediction` or one that broadcasts to it, constant, 1 = counts.
 * @param delta in the units of the target; default 1.
 * @throws PatchBertError `ops/shape-mismatch`, `ops/bad-delta`.
 * @example
 * const loss = huberLoss(forecast, target, lossWeight, 1);
 */
export function huberLoss(prediction: tf.Tensor, target: tf.Tensor, weight: tf.Tensor, delta = 1): tf.Scalar {
  if (!(delta > 0 && delta < Number.POSITIVE_INFINITY)) {
    throw new PatchBertError('ops/bad-delta', `huberLoss: delta is ${delta}; expected a number above 0.`);
  }
  return weightedLoss('huberLoss', prediction, target, weight, (difference) => {
    const clipped = tf.clipByValue(difference, -delta, delta);
    return { value: tf.mul(clipped, tf.sub(difference, tf.mul(clipped, 0.5))), slope: clipped };
  });
}
