import { gelu } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';

const activations: Readonly<Record<EncoderConfig['activation'], (x: tf.Tensor2D) => tf.Tensor2D>> = {
  gelu,
  relu: (x) => tf.relu(x),
  // Sigmoid-weighted linear unit (Elfwing et al. 2018), also called swish.
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
};

/** The activation of a configuration, element by element. */
export function activate(x: tf.Tensor2D, activation: EncoderConfig['activation']): tf.Tensor2D {
  return activations[activation](x);
}
