import { maskedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradient, expectOutput, goldenTensors } from './golden.ts';

describe('losses', () => {
  const golden = goldenTensors('losses');

  it('masked_mse', () => {
    const [prediction, target] = [golden.tensor('masked_mse.pred'), golden.tensor('masked_mse.target')];
    const weight = tf.expandDims(golden.tensor('masked_mse.mask'), -1); // [B, C, N] -> [B, C, N, 1]
    expectOutput(maskedMeanSquaredError(prediction, target, weight), golden.values('masked_mse.loss'));
    const loss = (y: tf.Tensor) => maskedMeanSquaredError(y, target, weight);
    expectGradient(tf.grad(loss)(prediction), golden.values('masked_mse.grad.pred'));
  });

  it('every loss of the fixtures is covered or named as not offered yet', () => {
    const known = new Set(['masked_mse', 'cross_entropy', 'pinball']); // the last two come with their heads
    expect(golden.prefixes('.loss').filter((name) => !known.has(name))).toEqual([]);
  });
});
