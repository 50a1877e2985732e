import { type Backend, tfjsCpu } from '@patchbert/backend';
import { randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitRidge, type RidgeSums, searchPenalty } from '../src/index.ts';
import {
  directErrors,
  exactWeights,
  largestDifference,
  randomRows,
  ridgeSums,
} from './support/exact-ridge.ts';

/** Searches a curve over the logarithm of the penalty; the weights are the penalty itself. */
function search(curve: (decade: number) => number, range = {}) {
  return searchPenalty(async (weights) => ({ weights, error: curve(Math.log10(weights)) }), range);
}

describe('searchPenalty', () => {
  it('walks down to the bottom of a valley, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -6, max: 6 }),
        fc.integer({ min: -6, max: 6 }),
        async (half, from) => {
          const found = await search((decade) => Math.abs(decade - half / 2), { start: 10 ** (from / 2) });
          expect(Math.log10(found.penalty)).toBeCloseTo(half / 2, 4);
          expect(found.weights).toBe(found.penalty);
          expect(found.trials.length).toBeLessThanOrEqual(Math.abs(half - from) + 3);
          const penalties = found.trials.map(({ penalty }) => penalty);
          expect(penalties).toEqual([...penalties].sort((a, b) => a - b));
        },
      ),
      { seed: 6, numRuns: 60 },
    );
  });

  it('stays inside its range', async () => {
    const falling = await search((decade) => -decade, { start: 1, most: 10 });
    expect(falling.penalty).toBe(10);
    const rising = await search((decade) => decade, { start: 1, least: 0.1 });
    expect(rising.penalty).toBe(0.1);
    expect((await search((decade) => decade, { start: 1, least: 1, most: 1 })).trials).toHaveLength(1);
  });

  it('ends where an error is not finite, and keeps what was best before', async () => {
    const found = await search((decade) => (decade < -1.6 ? Number.NaN : decade + 5));
    expect(Math.log10(found.penalty)).toBeCloseTo(-1.5, 4);
    expect(found.trials.every(({ error }) => Number.isFinite(error))).toBe(true);
  });

  it('begins at the first larger penalty where the error at the start is not finite', async () => {
    const found = await search((decade) => (decade < 0.4 ? Number.NaN : Math.abs(decade - 1)), {
      start: 0.01,
    });
    expect(Math.log10(found.penalty)).toBeCloseTo(1, 4);
    expect(found.trials[0]!.penalty).toBeCloseTo(10 ** 0.5, 4);
    const never = search((decade) => (decade < 0.4 ? Number.NaN : 1), { start: 0.01, most: 1 });
    await expect(never).rejects.toMatchObject({ code: 'ridge/not-finite' });
  });

  it('refuses an error that is never a number', async () => {
    await expect(search(() => Number.NaN)).rejects.toMatchObject({ code: 'ridge/not-finite' });
    await expect(search(() => Number.POSITIVE_INFINITY)).rejects.toMatchObject({ code: 'ridge/not-finite' });
  });
});

describe('fitRidge', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await tfjsCpu.create();
  });
  afterAll(() => backend.dispose());

  // Few rows, many inputs, much noise: neither the least penalty nor the largest is best.
  const size = { rows: 60, inputs: 40, targets: 3, noise: 6 };
  const training = randomRows(randomKey(1), size);
  const validation = { ...randomRows(randomKey(1), { ...size, rows: 460 }) };
  const held = {
    ...validation,
    rows: 400,
    x: validation.x.subarray(60 * 40),
    y: validation.y.subarray(60 * 3),
    w: validation.w.subarray(60),
  };

  it('chooses the penalty that is best on other rows, by the error of those rows', async () => {
    const found = await fitRidge(backend, ridgeSums(training), ridgeSums(held));
    const error = (penalty: number) => {
      const errors = directErrors(held, exactWeights(training, penalty));
      const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
      return (mean * held.w.reduce((sum, w) => sum + w, 0)) / held.rows;
    };
    for (const trial of found.trials) {
      expect(trial.error / error(trial.penalty)).toBeCloseTo(1, 4);
      expect(trial.error).toBeGreaterThanOrEqual(found.error);
    }
    expect(found.trials.length).toBeGreaterThanOrEqual(3);
    expect(found.penalty).toBeGreaterThan(0.01);
    expect(largestDifference(found.weights, exactWeights(training, found.penalty))).toBeLessThan(1e-3);
  });

  it('says which sums are empty', async () => {
    const sums = ridgeSums(training);
    const empty: RidgeSums = { ...sums, rows: 0, weight: 0 };
    await expect(fitRidge(backend, empty, sums)).rejects.toThrow('the training sums hold no row');
    await expect(fitRidge(backend, sums, empty)).rejects.toMatchObject({ code: 'ridge/no-rows' });
  });

  it('passes penalties over that single precision cannot solve, also where it begins', async () => {
    const sums = ridgeSums(randomRows(randomKey(2), { rows: 40, inputs: 6, targets: 1 }));
    // The first feature stands alone, and its variance is below 0: no penalty under 0.02 makes up for it.
    const gram = sums.gram.map((value, i) => (i < 7 || i % 7 === 0 ? 0 : value));
    gram[0] = -0.02 * sums.weight;
    const singular = { ...sums, gram };
    const found = await fitRidge(backend, singular, sums, { start: 0.1, least: 1e-3 });
    expect(found.penalty).toBeGreaterThan(0.02);
    const upward = await fitRidge(backend, singular, sums, { start: 0.001, least: 1e-3 });
    expect(upward.penalty).toBe(found.penalty);
    const range = { start: 0.001, least: 1e-3, most: 0.01 };
    await expect(fitRidge(backend, singular, sums, range)).rejects.toMatchObject({
      code: 'ridge/not-positive-definite',
    });
  });
});
