import type { Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type GradientTransform, statelessTransform } from './gradient-transform.ts';

/** Outputs `gradientNorm` and changes nothing: where gradients are not clipped, `fit` can still see that one is not finite. */
export function measureGradientNorm(): GradientTransform {
  return statelessTransform((gradients) => ({
    updates: gradients,
    state: {},
    outputs: { gradientNorm: globalNorm(gradients) },
  }));
}

/** Root of the sum of squares over every gradient together. */
export function globalNorm(gradients: Tensors): tf.Tensor {
  return tf.sqrt(tf.addN(Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)))));
}
