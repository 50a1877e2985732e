import { deriveKey, normals, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyLinear, type FeatureMatrix, fitRidgeClassifier, fitRidgeRegressor } from '../src/index.ts';

const sizes = fc.record({
  rows: fc.integer({ min: 3, max: 14 }),
  columns: fc.integer({ min: 1, max: 14 }),
  seed: fc.nat(10_000),
});

function randomFeatures(rows: number, columns: number, seed: number): FeatureMatrix {
  return { rows, columns, values: normals(deriveKey(randomKey(seed), 'features'), rows * columns) };
}

const classesOf = (rows: number, classes: number) => Int32Array.from({ length: rows }, (_, i) => i % classes);

function withoutRow<T extends Float64Array | Int32Array>(values: T, row: number, width: number): T {
  return values.filter((_: number, at: number) => Math.floor(at / width) !== row) as T;
}

/** The features in units in which standardisation leaves them as they are, also without one of the rows. */
function alreadyStandard(features: FeatureMatrix): FeatureMatrix {
  const { rows, columns, values } = features;
  const moments = Array.from({ length: columns }, (_, j) => {
    const column = Array.from({ length: rows }, (_, i) => values[i * columns + j]!);
    const mean = column.reduce((a, b) => a + b) / rows;
    return { mean, deviation: Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows) };
  });
  return {
    rows,
    columns,
    values: Float64Array.from(values, (x, at) => {
      const { mean, deviation } = moments[at % columns]!;
      return (x - mean) / deviation;
    }),
  };
}

/** Weights of `penalty` and a free intercept by Gaussian elimination: weighted normal equations with a column of ones. */
function plainRidge(
  { rows, columns, values }: FeatureMatrix,
  targets: Float64Array,
  weights: Float64Array,
  penalty: number,
): number[] {
  const size = columns + 1;
  const at = (i: number, j: number) => (j < columns ? values[i * columns + j]! : 1);
  const system = Array.from({ length: size }, (_, j) =>
    Array.from({ length: size + 1 }, (_, k) => {
      let sum = j === k && j < columns ? penalty : 0;
      for (let i = 0; i < rows; i++) sum += weights[i]! * at(i, j) * (k < size ? at(i, k) : targets[i]!);
      return sum;
    }),
  );
  for (let pivot = 0; pivot < size; pivot++) {
    const best = system.reduce(
      (best, row, i) => (i > pivot && Math.abs(row[pivot]!) > Math.abs(system[best]![pivot]!) ? i : best),
      pivot,
    );
    [system[pivot], system[best]] = [system[best]!, system[pivot]!];
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue;
      const share = system[i]![pivot]! / system[pivot]![pivot]!;
      system[i] = system[i]!.map((value, k) => value - share * system[pivot]![k]!);
    }
  }
  return system.map((row, i) => row[size]! / row[i]!);
}

describe('leave-one-out', () => {
  it('is what refits without each row give, whatever the shape and the weights', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: -2, max: 3, noNaN: true }), ({ rows, columns, seed }, exponent) => {
        const features = alreadyStandard(randomFeatures(rows, columns, seed));
        const penalty = 10 ** exponent;
        const labels = classesOf(rows, 2);
        const classWeights = [1, 2.5];
        const weights = Float64Array.from(labels, (label) => classWeights[label]!);
        const targets = Float64Array.from(labels, (label) => (label === 1 ? 1 : -1));
        const { leaveOneOutScores } = fitRidgeClassifier(features, labels, 2, {
          penalties: [penalty],
          classWeights,
        });
        for (let row = 0; row < rows; row++) {
          const rest = {
            rows: rows - 1,
            columns,
            values: withoutRow(features.values as Float64Array, row, columns),
          };
          const solution = plainRidge(
            rest,
            withoutRow(targets, row, 1),
            withoutRow(weights, row, 1),
            penalty,
          );
          const own = [...features.values.subarray(row * columns, (row + 1) * columns), 1];
          const predicted = own.reduce((sum, x, j) => sum + x * solution[j]!, 0);
          expect(Math.abs(leaveOneOutScores[row * 2 + 1]! - predicted)).toBeLessThan(
            1e-7 * (1 + Math.abs(predicted)),
          );
          expect(leaveOneOutScores[row * 2]).toBeCloseTo(-leaveOneOutScores[row * 2 + 1]!, 10);
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('chooses a weak penalty for what is linear and a strong one for noise', () => {
    const features = randomFeatures(60, 10, 3);
    const linear = Float64Array.from(
      { length: 60 },
      (_, i) => 3 * features.values[i * 10]! - features.values[i * 10 + 4]!,
    );
    expect(fitRidgeRegressor(features, linear).penalty).toBe(0.01);
    const noise = normals(randomKey(9), 60);
    expect(fitRidgeRegressor(features, noise).penalty).toBeGreaterThan(100);
  });
});

describe('a ridge model', () => {
  it('does not depend on units: shifted and scaled columns predict the same', () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, seed }) => {
        const features = randomFeatures(rows, columns, seed);
        const scaled = {
          rows,
          columns,
          values: features.values.map((x, at) => 40 * ((at % columns) + 1) * x - 7),
        };
        const targets = normals(deriveKey(randomKey(seed), 'targets'), rows);
        const options = { penalties: [0.5] };
        const plain = applyLinear(fitRidgeRegressor(features, targets, options).model, features);
        const other = applyLinear(fitRidgeRegressor(scaled, targets, options).model, scaled);
        other.forEach((value, i) => {
          expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-5);
        });
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('gives weight 0 to columns that vary as rounding does, and may have no others', () => {
    const noisy = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i : 0.1 + (i % 3) * 1e-8));
    const { model } = fitRidgeClassifier({ rows: 10, columns: 2, values: noisy }, classesOf(10, 2), 2);
    expect(model.weight[0]).not.toBe(0);
    expect([model.weight[1], model.weight[3]]).toEqual([0, 0]);
    const flat = { rows: 4, columns: 3, values: new Float32Array(12).fill(5) };
    const constant = fitRidgeRegressor(flat, Float64Array.of(1, 2, 3, 6));
    expect(applyLinear(constant.model, flat)).toEqual(new Float64Array(4).fill(3));
    expect(constant.leaveOneOutPredictions[3]).toBeCloseTo(2, 12);
  });

  it('keeps a class without examples below the others', () => {
    const features = randomFeatures(12, 20, 5);
    const scores = applyLinear(fitRidgeClassifier(features, classesOf(12, 2), 3).model, features);
    for (let row = 0; row < 12; row++) {
      expect(scores[row * 3 + 2]).toBe(-1);
      expect(Math.max(scores[row * 3]!, scores[row * 3 + 1]!)).toBeGreaterThan(-1);
    }
  });

  it('predicts a row alone as among others', () => {
    const features = randomFeatures(9, 30, 6);
    const { model } = fitRidgeClassifier(features, classesOf(9, 3), 3);
    const all = applyLinear(model, features);
    const one = applyLinear(model, {
      rows: 1,
      columns: 30,
      values: features.values.subarray(4 * 30, 5 * 30),
    });
    expect(one).toEqual(all.subarray(12, 15));
    expect(applyLinear(model, { rows: 0, columns: 30, values: new Float32Array(0) })).toHaveLength(0);
  });
});

const two = { rows: 2, columns: 1, values: Float32Array.of(1, 2) };
const labels = Int32Array.of(0, 1);

it.each([
  [
    'one row',
    () => fitRidgeClassifier({ rows: 1, columns: 1, values: Float32Array.of(1) }, labels, 2),
    /rows is 1/,
  ],
  ['sizes', () => fitRidgeClassifier({ ...two, columns: 2 }, labels, 2), /2 rows of 2 columns need 4/],
  [
    'NaN',
    () => fitRidgeClassifier({ ...two, values: Float32Array.of(1, Number.NaN) }, labels, 2),
    /row 1, column 0 is NaN/,
  ],
  ['a label missing', () => fitRidgeClassifier(two, Int32Array.of(0), 2), /1 labels for 2 rows/],
  ['a label of -1', () => fitRidgeClassifier(two, Int32Array.of(0, -1), 2), /row 1 is -1/],
  ['one class', () => fitRidgeClassifier(two, labels, 1), /classes is 1/],
  ['a penalty of 0', () => fitRidgeClassifier(two, labels, 2, { penalties: [0] }), /penalties are \[0\]/],
  [
    'no penalty',
    () => fitRidgeRegressor(two, Float64Array.of(1, 2), { penalties: [] }),
    /penalties are \[\]/,
  ],
  [
    'class weights',
    () => fitRidgeClassifier(two, labels, 2, { classWeights: [1, 0] }),
    /classWeights is \[1,0\]/,
  ],
  ['targets', () => fitRidgeRegressor(two, Float64Array.of(1, Number.NaN)), /target of row 1 is NaN/],
  ['too few targets', () => fitRidgeRegressor(two, Float64Array.of(1)), /1 targets for 2 rows/],
  [
    'other columns',
    () =>
      applyLinear(fitRidgeClassifier(two, labels, 2).model, {
        rows: 1,
        columns: 2,
        values: new Float32Array(2),
      }),
    /2 columns, the model was fitted on 1/,
  ],
])('refuses %s', (_, call, message) => {
  expect(call).toThrow(message);
});
