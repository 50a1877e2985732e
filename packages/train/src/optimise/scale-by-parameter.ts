import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { type GradientTransform, mapTensors, statelessTransform } from './gradient-transform.ts';

/**
 * Multiplies the update of each parameter by `factor(name)`: a learning rate of its own for every parameter, when it
 * stands after Adam and weight decay.
 *
 * The factors are part of the compiled step. To freeze a parameter leave it out of the trained ones (`freeze`): a factor of
 * 0 would still compute its gradient.
 *
 * @throws PatchBertError `train/bad-optimiser`, on update, for a factor that is not positive and finite.
 * @example
 * chain(scaleByAdam(), scaleByParameter((name) => (name.startsWith('head.') ? 1 : 0.1)), scaleByLearningRate());
 */
export function scaleByParameter(factor: (name: string) => number): GradientTransform {
  return statelessTransform((gradients) => ({
    updates: mapTensors(gradients, (update, name) => {
      const scale = factor(name);
      if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
        throw new PatchBertError(
          'train/bad-optimiser',
          `scaleByParameter: the factor of "${name}" is ${scale}; expected a number above 0. Freeze a parameter by leaving ` +
            'it out of the trained ones.',
        );
      }
      return scale === 1 ? update : tf.mul(update, scale);
    }),
    state: {},
  }));
}
