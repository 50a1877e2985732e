import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';

/** Under the root, so that the slope at equal tokens is finite. */
const VARIANCE_FLOOR = 1e-6;

/**
 * `sqrt(variance + 1e-6)` of each feature over tokens by `share`, `[S, T, D] -> [S, 1, D]`.
 *
 * @param share `[S, 1, T]`, sums to 1 (or is all 0), constant.
 */
export function deviationTokens(tokens: tf.Tensor, share: tf.Tensor): tf.Tensor {
  return withGradient(
    [tokens],
    (save) => {
      const mean = tf.matMul(share, tokens); // [S, 1, T] x [S, T, D] -> [S, 1, D]
      const centred = tf.sub(tokens, mean);
      const variance = tf.matMul(share, tf.square(centred)); // [S, 1, T] x [S, T, D] -> [S, 1, D]
      const deviation = tf.sqrt(tf.add(variance, VARIANCE_FLOOR));
      save([centred, deviation, share]);
      return deviation;
    },
    (upstream, [centred, deviation, kept]) => {
      const perToken = tf.transpose(kept!, [0, 2, 1]); // [S, 1, T] -> [S, T, 1]
      return [tf.mul(tf.mul(centred!, tf.div(upstream, deviation!)), perToken)];
    },
  );
}
