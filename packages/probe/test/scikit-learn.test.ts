import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applyLinear,
  type FeatureMatrix,
  fitLogisticRegression,
  fitRidgeClassifier,
  fitRidgeRegressor,
} from '../src/index.ts';

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly classWeights: number[] | null;
  readonly features: number[][];
  readonly labels: number[];
  readonly targets: number[];
  readonly ridgeClassifier: { penalty: number; scores: (number | number[])[]; squaredErrors: number[] };
  readonly ridgeRegressor: { penalty: number; predictions: number[]; squaredErrors: number[] };
  readonly logistic: { penalty: number; probabilities: number[][] }[];
}

const fixture: { penalties: number[]; cases: Case[] } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'fixtures/scikit-learn.json'), 'utf8'),
);

describe.each(fixture.cases)('scikit-learn: $name', (one) => {
  const features: FeatureMatrix = {
    rows: one.features.length,
    columns: one.features[0]!.length,
    values: Float64Array.from(one.features.flat()),
  };
  const labels = Int32Array.from(one.labels);
  const { penalties } = fixture;

  it('ridge classifier', () => {
    const { penalty, leaveOneOut, model } = fitRidgeClassifier(features, labels, one.classes, {
      penalties,
      ...(one.classWeights && { classWeights: one.classWeights }),
    });
    const expected = one.ridgeClassifier;
    expect(penalty).toBe(expected.penalty);
    if (one.classWeights === null) {
      expectClose(
        leaveOneOut.map(({ squaredError }) => squaredError),
        expected.squaredErrors,
        1e-9,
      );
    }
    // Two classes have one score in scikit-learn: the second's.
    const scores = expected.scores.flatMap((score) => (typeof score === 'number' ? [-score, score] : score));
    expectClose(applyLinear(model, features), scores, 2e-6);
  });

  it.each(one.logistic)('logistic regression, penalty $penalty', ({ penalty, probabilities }) => {
    const { model, converged } = fitLogisticRegression(features, labels, one.classes, {
      penalty: one.classes === 2 ? 2 * penalty : penalty,
      tolerance: 1e-9,
      ...(one.classWeights && { classWeights: one.classWeights }),
    });
    expect(converged).toBe(true);
    expectClose(softmax(applyLinear(model, features), one.classes), probabilities.flat(), 2e-6);
  });

  it('ridge regressor', () => {
    const { penalty, leaveOneOut, model } = fitRidgeRegressor(features, Float64Array.from(one.targets), {
      penalties,
    });
    const expected = one.ridgeRegressor;
    expect(penalty).toBe(expected.penalty);
    expectClose(
      leaveOneOut.map(({ squaredError }) => squaredError),
      expected.squaredErrors,
      1e-9,
    );
    expectClose(applyLinear(model, features), expected.predictions, 2e-6);
  });
});

/** Relative to 1 + |expected|; models are float32. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `value ${i}`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(value)));
  });
}

function softmax(scores: Float64Array, classes: number): number[] {
  const powers = scores.map(Math.exp);
  return Array.from(powers, (power, at) => {
    const row = Math.floor(at / classes) * classes;
    return power / powers.subarray(row, row + classes).reduce((sum, one) => sum + one, 0);
  });
}
