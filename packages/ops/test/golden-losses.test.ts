import { crossEntropy, pinballLoss, softTargets, weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradient, expectOutput, goldenTensors } from './golden.ts';

describe('losses', () => {
  const golden = goldenTensors('losses');

  it('masked_mse', () => {
    const [prediction, target] = [golden.tensor('masked_mse.pred'), golden.tensor('masked_mse.target')];
    const weight = tf.expandDims(golden.tensor('masked_mse.mask'), -1); // [B, C, N] -> [B, C, N, 1]
    expectOutput(weightedMeanSquaredError(prediction, target, weight), golden.values('masked_mse.loss'));
    const loss = (y: tf.Tensor) => weightedMeanSquaredError(y, target, weight);
    expectGradient(tf.grad(loss)(prediction), golden.values('masked_mse.grad.pred'));
  });

  it('pinball', () => {
    const [prediction, target] = [golden.tensor('pinball.pred'), golden.tensor('pinball.target')];
    const levels = Array.from(golden.values('pinball.quantiles'));
    const loss = (y: tf.Tensor) => pinballLoss(y, target, tf.onesLike(target), levels);
    expectOutput(loss(prediction), golden.values('pinball.loss'));
    expectGradient(tf.grad(loss)(prediction), golden.values('pinball.grad.pred'));
  });

  it('cross_entropy', () => {
    const logits = golden.tensor('cross_entropy.logits');
    const [series, classes] = golden.shape('cross_entropy.logits') as [number, number];
    const labels = golden.integers('cross_entropy.labels');
    const target = tf.tensor2d(softTargets(labels, classes), [series, classes]);
    const loss = (x: tf.Tensor) => crossEntropy(x, target, tf.ones([series]));
    expectOutput(loss(logits), golden.values('cross_entropy.loss'));
    expectGradient(tf.grad(loss)(logits), golden.values('cross_entropy.grad.logits'));
  });

  it('every loss of the fixtures is covered', () => {
    const known = new Set(['masked_mse', 'pinball', 'cross_entropy']);
    expect(golden.prefixes('.loss').filter((name) => !known.has(name))).toEqual([]);
  });
});
