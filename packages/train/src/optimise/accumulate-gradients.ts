import { PatchBertError } from '@patchbert/errors';
import { float32Tensor, type HostTensors, scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { GradientTransform } from './gradient-transform.ts';

export interface AccumulationOptions {
  /** Steps whose gradients make one update. */
  readonly every: number;
  /** What the loss of a step is a mean over, such as its hidden, measured points, by step from 1. Default: 1, all steps alike. */
  readonly weight?: (step: number) => number;
}

const PREFIX = 'accumulation.';
const WEIGHT = 'accumulation.weight';
const sum = (name: string) => `accumulation.sum.${name}`;

/**
 * Gathers the gradients of `every` steps and hands their mean, by `weight`, to `transform` once: the update of one batch as large
 * as all of theirs. In between, the parameters and the state of `transform` keep their bits. What was gathered is state like any
 * other, `accumulation.sum.<parameter>` and `accumulation.weight`, so a checkpoint in between goes on exactly. `transform` counts
 * updates, not steps.
 *
 * @throws PatchBertError `train/bad-optimiser` when `every` is not a whole number of at least 1.
 * @example
 * const optimiser = accumulateGradients(adamW({ clipNorm: 1 }), { every: 4 });
 */
export function accumulateGradients(
  transform: GradientTransform,
  { every, weight = () => 1 }: AccumulationOptions,
): GradientTransform {
  if (!(Number.isSafeInteger(every) && every >= 1)) {
    throw new PatchBertError(
      'train/bad-optimiser',
      `accumulateGradients: every is ${every}; expected a whole number of steps, at least 1.`,
    );
  }
  return {
    initialState: (parameters) => ({
      ...transform.initialState(parameters),
      ...zeroSums(parameters),
      [WEIGHT]: scalarTensor(0),
    }),
    scalars: (step) => ({
      ...transform.scalars(Math.ceil(step / every)),
      'accumulation.weight': weight(step),
      'accumulation.apply': step % every === 0 ? 1 : 0,
      'accumulation.keep': step % every === 0 ? 0 : 1,
    }),
    update: (gradients, { state, parameters, scalars }) => {
      const [share, apply, keep] = ['weight', 'apply', 'keep'].map((name) => scalars[PREFIX + name]!);
      const total = tf.add(state[WEIGHT]!, share!);
      const means: Record<string, tf.Tensor> = {};
      const next: Record<string, tf.Tensor> = { [WEIGHT]: tf.mul(total, keep!) };
      for (const [name, gradient] of Object.entries(gradients)) {
        const gathered = tf.add(state[sum(name)]!, tf.mul(gradient, share!));
        means[name] = tf.div(gathered, total);
        next[sum(name)] = tf.mul(gathered, keep!);
      }
      const result = transform.update(means, { state, parameters, scalars });
      // Times 1 and plus 0 keep every bit of what is finite; no backend needs a branch for that.
      for (const [name, value] of Object.entries(result.state)) {
        next[name] = tf.add(tf.mul(value, apply!), tf.mul(state[name]!, keep!));
      }
      const updates = Object.entries(result.updates).map(([name, update]) => [name, tf.mul(update, apply!)]);
      return { ...result, updates: Object.fromEntries(updates), state: next };
    },
  };
}

function zeroSums(parameters: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [
      sum(name),
      float32Tensor(new Float32Array(data.length), shape),
    ]),
  );
}
