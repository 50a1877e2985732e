import { deriveKey, normals, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import {
  applyLinear,
  chooseLogisticPenalty,
  type FeatureMatrix,
  fitLogisticRegression,
} from '../src/index.ts';

const classes = 3;

/** Columns of noise, of which the first three tell the classes apart by `signal` deviations. */
function drawn(
  rows: number,
  columns: number,
  signal: number,
): { features: FeatureMatrix; labels: Int32Array } {
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const values = normals(deriveKey(randomKey(4), 'logistic'), rows * columns);
  labels.forEach((label, row) => {
    values[row * columns + label]! += signal;
  });
  return { features: { rows, columns, values }, labels };
}

const everyFifth = (rows: number) =>
  Array.from({ length: 5 }, (_, fold) =>
    Int32Array.from({ length: rows }, (_, i) => i).filter((i) => i % 5 === fold),
  );

describe('fitLogisticRegression', () => {
  it('balances the classes of its data: the mean probability of a class is its share', () => {
    const { features, labels } = drawn(60, 8, 1);
    const { model, converged } = fitLogisticRegression(features, labels, classes, { tolerance: 1e-9 });
    expect(converged).toBe(true);
    const scores = applyLinear(model, features);
    const means = [0, 0, 0];
    for (let row = 0; row < 60; row++) {
      const powers = [...scores.subarray(row * classes, (row + 1) * classes)].map(Math.exp);
      const sum = powers.reduce((a, b) => a + b);
      powers.forEach((power, k) => {
        means[k]! += power / sum / 60;
      });
    }
    for (const mean of means) expect(mean).toBeCloseTo(1 / 3, 6);
  });

  it('converges where the classes can be told apart, and says when it was stopped', () => {
    const { features, labels } = drawn(30, 50, 6);
    const fit = fitLogisticRegression(features, labels, classes, { penalty: 1e-4 });
    expect(fit.converged).toBe(true);
    const stopped = fitLogisticRegression(features, labels, classes, { penalty: 1e-4, maximumIterations: 2 });
    expect([stopped.converged, stopped.iterations]).toEqual([false, 2]);
  });

  it('a stronger penalty gives smaller weights', () => {
    const { features, labels } = drawn(40, 12, 1);
    const sizes = [0.01, 1, 100, 1e4].map((penalty) => {
      const { weight } = fitLogisticRegression(features, labels, classes, { penalty }).model;
      return weight.reduce((sum, value) => sum + value ** 2, 0);
    });
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  it('refuses what cannot be', () => {
    const { features, labels } = drawn(9, 4, 1);
    expect(() => fitLogisticRegression(features, labels, classes, { penalty: 0 })).toThrow(/penalty is 0/);
    expect(() => fitLogisticRegression(features, labels, 2)).toThrow(/row 2 is 2/);
  });
});

describe('chooseLogisticPenalty', () => {
  it('wants a strong penalty where there is nothing to find and a weaker one where there is', () => {
    const [noise, signal] = [drawn(60, 20, 0), drawn(60, 20, 4)];
    const folds = everyFifth(60);
    const ofNoise = chooseLogisticPenalty(noise.features, noise.labels, classes, { folds });
    const ofSignal = chooseLogisticPenalty(signal.features, signal.labels, classes, { folds });
    expect(ofNoise.penalty).toBeGreaterThan(ofSignal.penalty);
    expect(ofSignal.candidates.map(({ penalty }) => penalty)).toEqual([0.1, 1, 10, 100, 1000]);
    expect(ofSignal.candidates.find(({ penalty }) => penalty === ofSignal.penalty)!.accuracy).toBeGreaterThan(
      0.9,
    );
  });

  it('refuses folds that cannot be', () => {
    const { features, labels } = drawn(6, 4, 1);
    const choose =
      (...folds: Int32Array[]) =>
      () =>
        chooseLogisticPenalty(features, labels, classes, { folds });
    expect(choose()).toThrow(/no folds/);
    expect(choose(Int32Array.of(0, 1, 2, 3, 4))).toThrow(/holds out 5 of 6/);
    expect(choose(Int32Array.of(7))).toThrow(/row 7/);
  });
});
