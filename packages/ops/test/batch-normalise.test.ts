import { batchNormalise, batchStatistics, runningStatistics } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const x = normalTensor([11, 1], [6, 3]);
const scale = normalTensor([11, 2], [3]);
const offset = normalTensor([11, 3], [3]);

describe('batchNormalise', () => {
  it('gives every feature mean 0 and variance 1 over the batch', () => {
    const { mean, variance } = batchStatistics(batchNormalise(tf.add(tf.mul(x, 3), 5), 1e-9));
    for (const centre of mean.dataSync()) expect(centre).toBeCloseTo(0, 5);
    for (const spread of variance.dataSync()) expect(spread).toBeCloseTo(1, 4);
  });

  it('agrees with central differences, by the batch and by constants', () => {
    const apply = (y: tf.Tensor, s: tf.Tensor, o: tf.Tensor) =>
      batchNormalise(y, 1e-3, { scale: s, offset: o });
    expectGradientMatchesDifferences((y, s, o) => apply(y!, s!, o!), [x, scale, offset], 5e-3);
    expectGradientMatchesDifferences((y) => batchNormalise(y!, 1e-3), [x], 5e-3);
    const statistics = batchStatistics(normalTensor([11, 4], [5, 3]));
    expectGradientMatchesDifferences((y) => batchNormalise(y!, 1e-3, { statistics }), [x]);
  });

  it('by constants, a row does not depend on its batch', () => {
    const statistics = batchStatistics(x);
    const whole = batchNormalise(x, 1e-5, { statistics, scale, offset });
    const one = batchNormalise(tf.slice(x, [2, 0], [1, 3]), 1e-5, { statistics, scale, offset });
    expect(one.dataSync()).toEqual(tf.slice(whole, [2, 0], [1, 3]).dataSync());
    const difference = tf.max(
      tf.abs(tf.sub(batchNormalise(x, 1e-5), batchNormalise(x, 1e-5, { statistics }))),
    );
    expect(difference.dataSync()[0]).toBeLessThan(1e-6);
  });

  it('survives one row and features that do not vary', () => {
    expect([...batchNormalise(tf.ones([1, 3]), 1e-5).dataSync()]).toEqual([0, 0, 0]);
    const running = { mean: tf.zeros([3]), variance: tf.ones([3]) };
    expect(runningStatistics(running, tf.ones([1, 3]), 0.1).variance.dataSync()[0]).toBeCloseTo(0.9, 6);
  });

  it('refuses shapes that do not fit', () => {
    expect(() => batchNormalise(x, 1e-5, { scale: tf.ones([2]) })).toThrow(/scale \[2\]/);
  });

  it('leaves its result alone', () => {
    expectTensorsLeft(1, () => batchNormalise(x, 1e-5, { scale, offset }));
    expectTensorsLeft(2, () => Object.values(batchStatistics(x)));
  });
});
