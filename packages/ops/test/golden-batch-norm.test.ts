import { batchNormalise, runningStatistics } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectGradient, expectOutput, goldenCases, goldenTensors } from './golden.ts';

describe('batch_norm', () => {
  const golden = goldenTensors('batch_norm');

  it.each(goldenCases<{ eps: number; momentum: number; tag: string }>('batch_norm'))(
    '$tag',
    ({ eps, momentum, tag }) => {
      const inputs = ['x', 'weight', 'bias'].map((name) => golden.tensor(`${tag}.${name}`));
      const upstream = golden.tensor(`${tag}.upstream`);
      const running = {
        mean: golden.tensor(`${tag}.running_mean`),
        variance: golden.tensor(`${tag}.running_var`),
      };
      for (const mode of ['train', 'eval']) {
        const norm = (y: tf.Tensor, s: tf.Tensor, o: tf.Tensor) =>
          batchNormalise(y, eps, { scale: s, offset: o, ...(mode === 'eval' && { statistics: running }) });
        expectOutput(norm(inputs[0]!, inputs[1]!, inputs[2]!), golden.values(`${tag}.${mode}.y`));
        const gradients = tf.grads(norm)(inputs, upstream);
        ['x', 'weight', 'bias'].forEach((name, i) => {
          expectGradient(gradients[i]!, golden.values(`${tag}.${mode}.grad.${name}`));
        });
      }
      const after = runningStatistics(running, inputs[0]!, momentum);
      expectOutput(after.mean, golden.values(`${tag}.train.running_mean_after`));
      expectOutput(after.variance, golden.values(`${tag}.train.running_var_after`));
    },
  );
});
