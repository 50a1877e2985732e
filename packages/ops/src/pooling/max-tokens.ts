import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';

/** Far below any token. */
const IGNORED = 1e9;

/**
 * The largest value of each feature over the tokens that count, `[S, T, D] -> [S, 1, D]`; 0 where none does. Tokens that tie
 * share the gradient.
 *
 * @param counts `[S, T, 1]` of 0 and 1, constant; all count when left out.
 */
export function maxTokens(tokens: tf.Tensor, counts?: tf.Tensor): tf.Tensor {
  return withGradient(
    [tokens],
    (save) => {
      const seen = counts ? tf.add(tokens, tf.mul(tf.sub(counts, 1), IGNORED)) : tokens;
      const largest = tf.max(seen, 1, true); // [S, T, D] -> [S, 1, D]
      save(counts ? [seen, largest, counts] : [seen, largest]);
      return counts ? tf.mul(largest, tf.max(counts, 1, true)) : largest;
    },
    (upstream, [seen, largest, kept]) => {
      const reached = tf.cast(tf.equal(seen!, largest!), 'float32');
      const winners = kept ? tf.mul(reached, kept) : reached;
      const ties = tf.maximum(tf.sum(winners, 1, true), 1);
      return [tf.mul(winners, tf.div(upstream, ties))];
    },
  );
}
