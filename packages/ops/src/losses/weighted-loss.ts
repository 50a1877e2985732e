import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';

/** A loss of one number: its value and its slope, both in terms of `prediction - target`, element by element. */
export interface PointLoss {
  readonly value: tf.Tensor;
  readonly slope: tf.Tensor;
}

/** `sum(weight value) / max(sum(weight), 1)` of a point loss of `prediction - target`. */
export function weightedLoss(
  name: string,
  prediction: tf.Tensor,
  target: tf.Tensor,
  weight: tf.Tensor,
  pointLoss: (difference: tf.Tensor) => PointLoss,
): tf.Scalar {
  requireFittingShapes(name, prediction.shape, target.shape, weight.shape);
  return withGradient(
    [prediction],
    (save) => {
      const { value, slope } = pointLoss(tf.sub(prediction, target));
      const count = weightSum(weight, prediction.size);
      save([tf.mul(slope, weight), count]);
      return tf.div(tf.sum(tf.mul(value, weight)), count) as tf.Scalar;
    },
    (upstream, [weightedSlope, count]) => [tf.mul(weightedSlope!, tf.div(upstream, count!))],
  );
}

/** The sum of a weight broadcast to `points` numbers, at least 1: nothing but 0 where nothing counts. */
export function weightSum(weight: tf.Tensor, points: number): tf.Scalar {
  return tf.maximum(tf.mul(tf.sum(weight), points / weight.size), 1) as tf.Scalar;
}

/** @throws PatchBertError `ops/shape-mismatch`. */
export function requireFittingShapes(
  name: string,
  prediction: readonly number[],
  target: readonly number[],
  weight: readonly number[],
): void {
  if (prediction.join() === target.join() && broadcastsTo(weight, prediction)) return;
  throw new PatchBertError(
    'ops/shape-mismatch',
    `${name}: prediction is [${prediction}], target [${target}], weight [${weight}]; expected equal shapes and a weight that broadcasts to them.`,
  );
}

export function broadcastsTo(from: readonly number[], to: readonly number[]): boolean {
  const offset = to.length - from.length;
  return offset >= 0 && from.every((size, i) => size === 1 || size === to[offset + i]);
}
