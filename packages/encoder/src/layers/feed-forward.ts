import { gelu } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { linearLayer } from './linear-layer.ts';
import { type Weights, within } from './weights.ts';

/** Two linear layers with an activation between them, token by token. */
export function feedForward(tokens: tf.Tensor2D, weights: Weights, activation: 'gelu' | 'relu'): tf.Tensor2D {
  const expanded = linearLayer(tokens, within(weights, 'expand')); // [S*T, D] -> [S*T, F]
  const activated = activation === 'gelu' ? (gelu(expanded) as tf.Tensor2D) : tf.relu(expanded);
  return linearLayer(activated, within(weights, 'contract')); // [S*T, F] -> [S*T, D]
}
