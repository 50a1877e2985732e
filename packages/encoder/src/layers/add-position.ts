import { sincosPositions } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import type { Weights } from './weights.ts';

/** Adds to each token what tells its place: a learned vector, sines and cosines, or nothing; `[S, N, D] -> [S, N, D]`. */
export function addPosition(
  tokens: tf.Tensor3D,
  weights: Weights,
  position: EncoderConfig['position'],
): tf.Tensor3D {
  const [, count, width] = tokens.shape;
  switch (position) {
    case 'learned':
      return tf.add(tokens, weights<tf.Tensor2D>('position')); // [S, N, D] + [N, D]
    case 'sincos':
      return tf.add(tokens, tf.tensor2d(sincosPositions(count, width), [count, width])); // [S, N, D] + [N, D]
    case 'none':
      return tokens;
  }
}
