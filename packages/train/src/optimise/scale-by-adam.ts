import { PatchBertError } from '@patchbert/errors';
import { elementCount, float32Tensor, type HostTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { GradientTransform } from './gradient-transform.ts';

export interface AdamOptions {
  /** Decay of the mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the bias-corrected second moment. Default 1e-8. */
  readonly epsilon?: number;
}

const mean = (name: string) => `adam.mean.${name}`;
const square = (name: string) => `adam.square.${name}`;

/**
 * Adam's direction (Kingma and Ba 2015): `m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)`, with the moments in
 * the state as `adam.mean.<parameter>` and `adam.square.<parameter>`.
 *
 * The bias corrections are folded into two host scalars, `adam.rate = sqrt(1 - beta2^t) / (1 - beta1^t)` and
 * `adam.epsilon = epsilon * sqrt(1 - beta2^t)`: the direction is `m * rate / (sqrt(v) + adam.epsilon)`, which is the same
 * number with fewer passes over the data.
 *
 * @throws PatchBertError `train/bad-optimiser` for a beta outside [0, 1) or an epsilon that is not positive.
 */
export function scaleByAdam(options: AdamOptions = {}): GradientTransform {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  for (const [name, value] of Object.entries({ beta1, beta2 })) {
    if (!(value >= 0 && value < 1)) throw badOption(name, value, '0 <= number < 1');
  }
  if (!(epsilon > 0)) throw badOption('epsilon', epsilon, 'a number above 0');
  return {
    initialState: (parameters) =>
      Object.fromEntries(
        Object.entries(parameters).flatMap(([name, parameter]) => [
          [mean(name), zerosLike(parameter)],
          [square(name), zerosLike(parameter)],
        ]),
      ),
    scalars: (step) => {
      const correction = Math.sqrt(1 - beta2 ** step);
      return { 'adam.rate': correction / (1 - beta1 ** step), 'adam.epsilon': epsilon * correction };
    },
    update: (gradients, { state, scalars }) => {
      const updates: Record<string, tf.Tensor> = {};
      const next: Record<string, tf.Tensor> = {};
      for (const [name, gradient] of Object.entries(gradients)) {
        const m = tf.add(tf.mul(state[mean(name)]!, beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(state[square(name)]!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const root = tf.add(tf.sqrt(v), scalars['adam.epsilon']!);
        updates[name] = tf.div(tf.mul(m, scalars['adam.rate']!), root);
        next[mean(name)] = m;
        next[square(name)] = v;
      }
      return { updates, state: next };
    },
  };
}

function zerosLike(tensor: HostTensor): HostTensor {
  return float32Tensor(new Float32Array(elementCount(tensor.shape)), tensor.shape);
}

function badOption(name: string, value: number, expected: string): PatchBertError {
  return new PatchBertError('train/bad-optimiser', `scaleByAdam: ${name} is ${value}; expected ${expected}.`);
}
