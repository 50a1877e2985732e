import { sincosPositions, type TokenIndex, takeTokens } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import type { Weights } from './weights.ts';

/**
 * Adds to each token what tells its place: a learned vector, sines and cosines, or nothing; `[S, T, D] -> [S, T, D]`.
 *
 * @param count N, places of a whole series.
 * @param places which of them the tokens stand at, for all series alike. Default: all, T = N.
 */
export function addPosition(
  tokens: tf.Tensor3D,
  weights: Weights,
  position: EncoderConfig['position'],
  count: number,
  places?: TokenIndex,
): tf.Tensor3D {
  if (position === 'none') return tokens;
  const width = tokens.shape[2];
  const table =
    position === 'learned'
      ? weights<tf.Tensor2D>('position')
      : tf.tensor2d(sincosPositions(count, width), [count, width]);
  if (!places) return tf.add(tokens, table); // [S, N, D] + [N, D]
  const asSeries = tf.reshape(table, [1, count, width]) as tf.Tensor3D; // [N, D] -> [1, N, D]
  return tf.add(tokens, takeTokens(asSeries, places)); // [S, V, D] + [1, V, D]
}
