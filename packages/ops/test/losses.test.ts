import { weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

describe('weightedMeanSquaredError', () => {
  const prediction = normalTensor([9, 1], [2, 4, 3]);
  const target = normalTensor([9, 2], [2, 4, 3]);
  const perPoint = tf.cast(tf.greater(normalTensor([9, 3], [2, 4, 3]), 0), 'float32');
  const perPatch = tf.cast(tf.greater(normalTensor([9, 4], [2, 4, 1]), 0), 'float32');

  it('is the mean over the points that count', () => {
    const loss = weightedMeanSquaredError(
      tf.tensor1d([1, 2, 3]),
      tf.tensor1d([1, 0, 0]),
      tf.tensor1d([1, 1, 0]),
    );
    expect(loss.dataSync()[0]).toBe(2);
  });

  it('a mask of patches equals the same mask of points', () => {
    const repeated = tf.mul(perPatch, tf.ones([2, 4, 3]));
    expect(weightedMeanSquaredError(prediction, target, perPatch).dataSync()[0]).toBeCloseTo(
      weightedMeanSquaredError(prediction, target, repeated).dataSync()[0]!,
      6,
    );
  });

  it('is 0 with gradient 0 where nothing counts', () => {
    const loss = (y: tf.Tensor) => weightedMeanSquaredError(y, target, tf.zeros([2, 4, 3]));
    expect(loss(prediction).dataSync()[0]).toBe(0);
    expect(
      tf
        .grad(loss)(prediction)
        .dataSync()
        .every((g) => g === 0),
    ).toBe(true);
  });

  it('does not see what stands where nothing counts', () => {
    const poisoned = tf.add(target, tf.mul(tf.sub(1, perPoint), 1e6));
    expect(weightedMeanSquaredError(prediction, poisoned, perPoint).dataSync()).toEqual(
      weightedMeanSquaredError(prediction, target, perPoint).dataSync(),
    );
  });

  it('agrees with central differences', () => {
    for (const weight of [perPoint, perPatch]) {
      expectGradientMatchesDifferences((y) => weightedMeanSquaredError(y!, target, weight), [prediction]);
    }
  });

  it('refuses shapes that do not fit', () => {
    expect(() => weightedMeanSquaredError(prediction, tf.ones([2, 4]), perPoint)).toThrow(/target \[2,4\]/);
    expect(() => weightedMeanSquaredError(prediction, target, tf.ones([4, 2]))).toThrow(/weight \[4,2\]/);
  });

  it('leaves its result alone', () => {
    expectTensorsLeft(1, () => weightedMeanSquaredError(prediction, target, perPatch));
  });
});
