import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { sumWhereMarked } from './place-mask-token.ts';
import { spread } from './take-tokens.ts';
import type { TokenIndex } from './token-index.ts';

/**
 * The inverse of `takeTokens`: every visible token back at its place, the mask token in the hidden places.
 *
 * @param visible `[S, V, D]`.
 * @param maskToken `[D]`.
 * @returns `[S, N, D]`.
 * @example
 * const tokens = restoreTokens(encoded, maskToken, { visibleIndex, restoreIndex, masked });
 */
export function restoreTokens(visible: tf.Tensor3D, maskToken: tf.Tensor, index: TokenIndex): tf.Tensor3D {
  const [series, visibleCount, width] = visible.shape;
  const patches = index.restoreIndex.size / series;
  return withGradient(
    [visible, maskToken],
    () => {
      const seen = tf.mul(spread(visible, index, series, patches), tf.sub(1, index.masked));
      return tf.add(seen, tf.mul(index.masked, maskToken)) as tf.Tensor3D;
    },
    (upstream) => {
      const rows = tf.reshape(upstream, [series * patches, width]); // [S, N, D] -> [S*N, D]
      const taken = tf.gather(rows, index.visibleIndex as tf.Tensor1D); // [S*N, D] -> [S*V, D]
      return [
        tf.reshape(taken, [series, visibleCount, width]), // [S*V, D] -> [S, V, D]
        tf.reshape(sumWhereMarked(upstream, index.masked), maskToken.shape), // [1, D] -> [D]
      ];
    },
  );
}
