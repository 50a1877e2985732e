import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import type { TokenIndex } from './token-index.ts';

/**
 * The visible tokens of each series, in order: what the encoder of a masked autoencoder sees.
 *
 * He et al.: "Masked autoencoders are scalable vision learners", 2021. One flat gather forward and one backward
 * (the selection is injective, so the gradient needs no sum over segments).
 *
 * @param tokens `[S, N, D]`.
 * @returns `[S, V, D]`.
 * @example
 * const visible = takeTokens(tokens, { visibleIndex, restoreIndex, masked });
 */
export function takeTokens(tokens: tf.Tensor3D, index: TokenIndex): tf.Tensor3D {
  const [series, patches, width] = tokens.shape;
  const visibleCount = index.visibleIndex.size / series;
  return withGradient(
    [tokens],
    () => {
      const rows = tf.reshape(tokens, [series * patches, width]); // [S, N, D] -> [S*N, D]
      const taken = tf.gather(rows, index.visibleIndex as tf.Tensor1D); // [S*N, D] -> [S*V, D]
      return tf.reshape(taken, [series, visibleCount, width]); // [S*V, D] -> [S, V, D]
    },
    (upstream) => [tf.mul(spread(upstream, index, series, patches), tf.sub(1, index.masked))],
  );
}

/** Puts visible rows back at their places; what stands in hidden places is arbitrary but finite. */
export function spread(
  visible: tf.Tensor3D,
  index: TokenIndex,
  series: number,
  patches: number,
): tf.Tensor3D {
  const width = visible.shape[2];
  const rows = tf.reshape(visible, [-1, width]); // [S, V, D] -> [S*V, D]
  const placed = tf.gather(rows, index.restoreIndex as tf.Tensor1D); // [S*V, D] -> [S*N, D]
  return tf.reshape(placed, [series, patches, width]); // [S*N, D] -> [S, N, D]
}
