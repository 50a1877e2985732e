import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { broadcastsTo, weightSum } from './weighted-loss.ts';

/**
 * Weighted pinball (quantile) loss: `max(q (t - p), (q - 1) (t - p))`, its mean over the levels summed by weight and
 * divided by `max(sum(w), 1)`. The expectation is lowest where `p` is the quantile of level `q`.
 *
 * Koenker and Bassett: "Regression quantiles", 1978; without the factor 2 of some definitions. Written as
 * `|d| / 2 + (1/2 - q) d` with `d = p - t`, the slope is `sign(d) / 2 + 1/2 - q`, which is `1/2 - q` at `d = 0`.
 *
 * @param prediction `[..., Q]`, such as `[S, H, Q]`, one number per level; the gradient goes here alone.
 * @param target `[...]`, such as `[S, H]`, constant and finite everywhere, even where the weight is 0.
 * @param weight the shape of `target` or one that broadcasts to it, constant, 1 = counts.
 * @param levels Q numbers between 0 and 1, such as `[0.1, 0.5, 0.9]`.
 * @throws PatchBertError `ops/shape-mismatch`, `ops/bad-levels`.
 * @example
 * const loss = pinballLoss(forecast, target, lossWeight, [0.1, 0.5, 0.9]);
 */
export function pinballLoss(
  prediction: tf.Tensor,
  target: tf.Tensor,
  weight: tf.Tensor,
  levels: readonly number[],
): tf.Scalar {
  requireLevels(levels);
  requireShapes(prediction.shape, target.shape, weight.shape, levels.length);
  return withGradient(
    [prediction],
    (save) => {
      const tilt = tf.sub(0.5, tf.tensor1d([...levels])); // [Q]
      const difference = tf.sub(prediction, tf.expandDims(target, -1)); // [..., Q] - [..., 1] -> [..., Q]
      const perPoint = tf.expandDims(weight, -1); // [...] -> [..., 1]
      const count = tf.mul(weightSum(weight, target.size), levels.length);
      const slope = tf.add(tf.mul(tf.sign(difference), 0.5), tilt);
      const value = tf.mul(difference, slope);
      save([tf.mul(slope, perPoint), count]);
      return tf.div(tf.sum(tf.mul(value, perPoint)), count) as tf.Scalar;
    },
    (upstream, [weightedSlope, count]) => [tf.mul(weightedSlope!, tf.div(upstream, count!))],
  );
}

function requireLevels(levels: readonly number[]): void {
  if (levels.length > 0 && levels.every((level) => level > 0 && level < 1)) return;
  throw new PatchBertError(
    'ops/bad-levels',
    `pinballLoss: the levels are [${levels}]; expected at least one, each between 0 and 1 (both excluded).`,
  );
}

function requireShapes(
  prediction: readonly number[],
  target: readonly number[],
  weight: readonly number[],
  levels: number,
): void {
  if (prediction.join() === [...target, levels].join() && broadcastsTo(weight, target)) return;
  throw new PatchBertError(
    'ops/shape-mismatch',
    `pinballLoss: prediction is [${prediction}], target [${target}], weight [${weight}] and there are ${levels} levels; expected a prediction [...target, levels] and a weight that broadcasts to the target.`,
  );
}
