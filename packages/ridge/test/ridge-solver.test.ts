import { type Backend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { deriveKey, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RidgeSums, ridgeScorer, ridgeSolver } from '../src/index.ts';
import {
  directErrors,
  exactWeights,
  largestDifference,
  type Rows,
  randomRows,
  reweighted,
  ridgeSums,
} from './support/exact-ridge.ts';

/** Systems around the borders of blocks of at most 256 rows (one less, exactly one, one more, three), solved in float64. */
const systems = [2, 3, 255, 256, 257, 600].map((features) => {
  const all = randomRows(randomKey(features), { rows: features + 60, inputs: features - 1, targets: 3 });
  return { features, sums: ridgeSums(all), expected: exactWeights(all, 0.1) };
});

/** Single precision on systems of condition up to about 1e3. */
const TOLERANCE = 2e-4;

describe.each([tfjsCpu, onnxCpu])('ridge on $name', (adapter) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await adapter.create({ threads: 1 });
  });
  afterAll(() => backend.dispose());

  async function solveSums(sums: RidgeSums, penalty: number): Promise<Float32Array> {
    const solver = await ridgeSolver(backend, sums);
    try {
      return await solver.solve(sums, penalty);
    } finally {
      solver.dispose();
    }
  }

  const solve = (all: Rows, penalty: number) => solveSums(ridgeSums(all), penalty);

  it.each(systems)('solves $features features as float64 elimination does', async ({ sums, expected }) => {
    expect(largestDifference(await solveSums(sums, 0.1), expected)).toBeLessThan(TOLERANCE);
  });

  it('fits the constant alone: the weighted mean', async () => {
    const all = randomRows(randomKey(1), { rows: 50, inputs: 0, targets: 2 });
    const total = all.w.reduce((sum, w) => sum + w, 0);
    const means = [0, 1].map((h) => all.w.reduce((sum, w, row) => sum + w * all.y[row * 2 + h]!, 0) / total);
    expect(largestDifference(await solve(all, 10), means)).toBeLessThan(1e-6);
  });

  it('leaves the constant free: a large penalty gives the mean of the targets', async () => {
    const all = randomRows(randomKey(2), { rows: 400, inputs: 4, targets: 1 });
    const weights = await solve(all, 1e6);
    const total = all.w.reduce((sum, w) => sum + w, 0);
    expect(Math.max(...weights.subarray(0, 4).map(Math.abs))).toBeLessThan(1e-4);
    expect(weights[4]).toBeCloseTo(all.w.reduce((sum, w, row) => sum + w * all.y[row]!, 0) / total, 4);
  });

  it('gives a feature that is constant too no weight, as the constant beside it is free', async () => {
    const all = randomRows(randomKey(11), { rows: 120, inputs: 5, targets: 2 });
    const flat = { ...all, x: all.x.map((value, i) => (i % 5 === 1 ? 1 : value)) };
    const weights = await solve(flat, 0.1);
    expect(Math.max(...weights.subarray(2, 4).map(Math.abs))).toBeLessThan(1e-4);
    expect(largestDifference(weights, exactWeights(flat, 0.1))).toBeLessThan(TOLERANCE);
  });

  it('scores sums as the rows themselves are scored', async () => {
    const fitted = randomRows(randomKey(3), { rows: 300, inputs: 20, targets: 4 });
    const held = randomRows(randomKey(4), { rows: 120, inputs: 20, targets: 4 });
    const weights = await solve(fitted, 0.05);
    const scorer = await ridgeScorer(backend, ridgeSums(held));
    const errors = await scorer.errors(weights);
    scorer.dispose();
    expect(largestDifference(errors, directErrors(held, weights))).toBeLessThan(1e-5);
  });

  it('never scores below 0, however well the weights fit', async () => {
    const all = randomRows(randomKey(5), { rows: 200, inputs: 12, targets: 8, noise: 0 });
    const scorer = await ridgeScorer(backend, ridgeSums(all));
    const errors = await scorer.errors(await solve(all, 1e-6));
    scorer.dispose();
    expect(Math.min(...errors)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...errors)).toBeLessThan(1e-3);
  });

  it('serves many systems of one size, one after the other', async () => {
    const first = randomRows(randomKey(6), { rows: 90, inputs: 7, targets: 2 });
    const second = randomRows(randomKey(7), { rows: 60, inputs: 7, targets: 2 });
    const solver = await ridgeSolver(backend, { features: 8, targets: 2 });
    const alone = await solver.solve(ridgeSums(first), 1);
    const other = await solver.solve(ridgeSums(second), 0.01);
    expect(await solver.solve(ridgeSums(first), 1)).toEqual(alone);
    expect(largestDifference(other, exactWeights(second, 0.01))).toBeLessThan(TOLERANCE);
    solver.dispose();
  });

  it('refuses a penalty too small for features that depend on each other', async () => {
    const { x, ...all } = randomRows(randomKey(8), { rows: 100, inputs: 6, targets: 1 });
    const copies = { ...all, x: x.map((_, i) => (i % 6 < 3 ? x[i]! : -x[i - 3]!)) };
    const wrong = { ...ridgeSums(copies) };
    // Rounding may leave a matrix that is singular in exact arithmetic on either side; push it to the wrong one.
    wrong.gram = wrong.gram.map((value, i) => (i === 0 ? value * 0.999 : value));
    const solver = await ridgeSolver(backend, wrong);
    await expect(solver.solve(wrong, 1e-12)).rejects.toMatchObject({ code: 'ridge/not-positive-definite' });
    expect(largestDifference(await solver.solve(wrong, 0.1), exactWeights(copies, 0.1))).toBeLessThan(1e-2);
    solver.dispose();
  });

  it('refuses sums of another size, without rows, and penalties that are not above 0', async () => {
    const sums = ridgeSums(randomRows(randomKey(9), { rows: 30, inputs: 3, targets: 2 }));
    const solver = await ridgeSolver(backend, sums);
    const solveAnother = solver.solve({ ...sums, targets: 1 }, 1);
    await expect(solveAnother).rejects.toMatchObject({ code: 'ridge/bad-sums' });
    await expect(solver.solve({ ...sums, weight: 0 }, 1)).rejects.toMatchObject({ code: 'ridge/no-rows' });
    for (const penalty of [0, -1, Number.NaN]) {
      await expect(solver.solve(sums, penalty)).rejects.toMatchObject({ code: 'ridge/bad-penalty' });
    }
    solver.dispose();
  });

  it('agrees with float64 for any size, weights and penalty', async () => {
    const cases = fc.record({
      inputs: fc.integer({ min: 1, max: 24 }),
      targets: fc.integer({ min: 1, max: 5 }),
      seed: fc.integer({ min: 0, max: 1000 }),
      decade: fc.integer({ min: -2, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ inputs, targets, seed, decade }) => {
        const key = deriveKey(randomKey(seed), 'any');
        const all = randomRows(key, { rows: 3 * inputs + 10, inputs, targets });
        const penalty = 10 ** decade;
        expect(largestDifference(await solve(all, penalty), exactWeights(all, penalty))).toBeLessThan(1e-3);
        // Weights that are twice as large say the same, and a row of weight 2 is that row twice.
        const half = reweighted(all, (row) => 2 * all.w[row]!);
        expect(largestDifference(await solve(half, penalty), exactWeights(all, penalty))).toBeLessThan(1e-3);
      }),
      { seed: 5, numRuns: 15 },
    );
  });
});
