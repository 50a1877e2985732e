import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { requireFittingShapes, weightSum } from './weighted-loss.ts';

/**
 * Weighted mean squared error, `sum(w (p - t)^2) / max(sum(w), 1)`: nothing but 0 where nothing counts.
 *
 * A weight that broadcasts counts as often as it is repeated, so a mask of patches `[S, N, 1]` gives the mean
 * over all points of masked patches.
 *
 * @param prediction such as `[S, N, P]`; the gradient goes here alone.
 * @param target the shape of `prediction`, constant and finite everywhere, even where the weight is 0.
 * @param weight the shape of `prediction` or one that broadcasts to it, constant, 1 = counts.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const loss = weightedMeanSquaredError(reconstruction, target, lossWeight);
 */
export function weightedMeanSquaredError(
  prediction: tf.Tensor,
  target: tf.Tensor,
  weight: tf.Tensor,
): tf.Scalar {
  requireFittingShapes('weightedMeanSquaredError', prediction.shape, target.shape, weight.shape);
  return withGradient(
    [prediction],
    (save) => {
      const difference = tf.sub(prediction, target);
      const weighted = tf.mul(difference, weight);
      const count = weightSum(weight, prediction.size);
      save([weighted, count]);
      return tf.div(tf.sum(tf.mul(weighted, difference)), count) as tf.Scalar;
    },
    (upstream, [weighted, count]) => [tf.mul(weighted!, tf.div(tf.mul(upstream, 2), count!))],
  );
}
