import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';

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
 * const loss = maskedMeanSquaredError(reconstruction, target, lossWeight);
 */
export function maskedMeanSquaredError(
  prediction: tf.Tensor,
  target: tf.Tensor,
  weight: tf.Tensor,
): tf.Scalar {
  const same = prediction.shape.join() === target.shape.join();
  if (!same || !broadcastsTo(weight.shape, prediction.shape)) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `maskedMeanSquaredError: prediction is [${prediction.shape}], target [${target.shape}], weight [${weight.shape}]; expected equal shapes and a weight that broadcasts to them.`,
    );
  }
  const repeats = prediction.size / weight.size;
  return withGradient(
    [prediction],
    (save) => {
      const difference = tf.sub(prediction, target);
      const weighted = tf.mul(difference, weight);
      const count = tf.maximum(tf.mul(tf.sum(weight), repeats), 1);
      save([weighted, count]);
      return tf.div(tf.sum(tf.mul(weighted, difference)), count) as tf.Scalar;
    },
    (upstream, [weighted, count]) => [tf.mul(weighted!, tf.div(tf.mul(upstream, 2), count!))],
  );
}

function broadcastsTo(from: readonly number[], to: readonly number[]): boolean {
  const offset = to.length - from.length;
  return offset >= 0 && from.every((size, i) => size === 1 || size === to[offset + i]);
}
