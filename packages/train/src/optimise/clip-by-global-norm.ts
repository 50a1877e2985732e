import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { type GradientTransform, mapTensors, statelessTransform } from './gradient-transform.ts';
import { globalNorm } from './measure-gradient-norm.ts';

/**
 * Scales all gradients by `min(1, maximum / (norm + 1e-6))`, `norm` being the root of the sum of squares over every
 * gradient together, as `torch.nn.utils.clip_grad_norm_`. Outputs `gradientNorm`, the norm before clipping.
 *
 * @throws PatchBertError `train/bad-optimiser` when `maximum` is not positive.
 * @example
 * chain(clipByGlobalNorm(1), scaleByLearningRate());
 */
export function clipByGlobalNorm(maximum: number): GradientTransform {
  if (!(maximum > 0)) {
    throw new PatchBertError(
      'train/bad-optimiser',
      `clipByGlobalNorm: the maximum is ${maximum}; expected a number above 0, or leave the transform out.`,
    );
  }
  return statelessTransform((gradients) => {
    const gradientNorm = globalNorm(gradients);
    const factor = tf.minimum(tf.div(maximum, tf.add(gradientNorm, 1e-6)), 1);
    return {
      updates: mapTensors(gradients, (gradient) => tf.mul(gradient, factor)),
      state: {},
      outputs: { gradientNorm },
    };
  });
}
