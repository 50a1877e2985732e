import type * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import { activate } from './activate.ts';
import { linearLayer } from './linear-layer.ts';
import { type Weights, within } from './weights.ts';

/** Two linear layers with an activation between them, token by token. */
export function feedForward(
  tokens: tf.Tensor2D,
  weights: Weights,
  activation: EncoderConfig['activation'],
): tf.Tensor2D {
  const expanded = linearLayer(tokens, within(weights, 'expand')); // [S*T, D] -> [S*T, F]
  return linearLayer(activate(expanded, activation), within(weights, 'contract')); // [S*T, F] -> [S*T, D]
}
