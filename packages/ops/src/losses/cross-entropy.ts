import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';

/**
 * Weighted cross-entropy of class probabilities, `sum(w l) / max(sum(w), 1)` with `l = -sum(target log softmax(logits))`:
 * nothing but 0 where nothing counts. The logarithm is taken of the shifted logits, so no probability underflows, and the
 * gradient is `softmax(logits) - target`.
 *
 * @param logits `[S, K]`; the gradient goes here alone.
 * @param target `[S, K]`, constant, each row a distribution: one class, smoothed (`softTargets`) or mixed.
 * @param weight `[S]`, constant, 1 = counts.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const loss = crossEntropy(logits, target, tf.ones([logits.shape[0]]));
 */
export function crossEntropy(logits: tf.Tensor, target: tf.Tensor, weight: tf.Tensor): tf.Scalar {
  const rows = logits.shape[0];
  if (logits.rank !== 2 || target.shape.join() !== logits.shape.join() || weight.shape.join() !== `${rows}`) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `crossEntropy: logits are [${logits.shape}], target [${target.shape}], weight [${weight.shape}]; expected [S, K], [S, K] and [S].`,
    );
  }
  return withGradient(
    [logits],
    (save) => {
      const shifted = tf.sub(logits, tf.max(logits, 1, true));
      const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
      const perRow = tf.expandDims(weight, 1); // [S] -> [S, 1]
      const count = tf.maximum(tf.sum(weight), 1);
      save([tf.mul(tf.sub(tf.exp(logProbabilities), target), perRow), count]);
      const likelihood = tf.sum(tf.mul(tf.mul(target, logProbabilities), perRow));
      return tf.neg(tf.div(likelihood, count)) as tf.Scalar;
    },
    (upstream, [weightedSlope, count]) => [tf.mul(weightedSlope!, tf.div(upstream, count!))],
  );
}
