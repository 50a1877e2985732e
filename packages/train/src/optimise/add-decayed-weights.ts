import { PatchBertError } from '@patchbert/errors';
import type { TensorSpec } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type GradientTransform, mapTensors, statelessTransform } from './gradient-transform.ts';

export interface DecayOptions {
  /** Share of a weight that each update of rate 1 takes away. */
  readonly rate: number;
  /** Which parameters decay. Default `decaysWeight`. */
  readonly mask?: (name: string, spec: TensorSpec) => boolean;
}

/**
 * Adds `rate * parameter` to the update of every masked parameter: decoupled weight decay (Loshchilov and Hutter 2019)
 * when it stands after `scaleByAdam` and before `scaleByLearningRate`.
 *
 * @throws PatchBertError `train/bad-optimiser` when `rate` is negative or not a number.
 */
export function addDecayedWeights(options: DecayOptions): GradientTransform {
  const { rate, mask = decaysWeight } = options;
  if (!(rate >= 0)) {
    throw new PatchBertError(
      'train/bad-optimiser',
      `addDecayedWeights: the rate is ${rate}; expected a number >= 0.`,
    );
  }
  return statelessTransform((gradients, { parameters }) => ({
    updates: mapTensors(gradients, (update, name) => {
      const parameter = parameters[name]!;
      const decays = rate > 0 && mask(name, { shape: parameter.shape, dtype: 'float32' });
      return decays ? tf.add(update, tf.mul(parameter, rate)) : update;
    }),
    state: {},
  }));
}

/**
 * Whether weight decay applies to a parameter of this name: to the matrices of linear layers (`*.weight`), never to
 * biases, norms, positions and learned tokens.
 */
export function decaysWeight(name: string): boolean {
  return name.endsWith('.weight');
}
