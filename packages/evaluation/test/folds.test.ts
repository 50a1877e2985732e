import { drawLabels, plainFolds, stratifiedFolds, trainingPart } from '@patchbert/evaluation';
import { randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const labelled = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 60 })
  .map((labels) => Int32Array.from(labels));
const seeds = fc.nat(1000).map(randomKey);

/** How many of `indices` have each label. */
function counts(labels: Int32Array, indices: Int32Array): number[] {
  const result = new Array<number>(5).fill(0);
  for (const i of indices) result[labels[i]!]! += 1;
  return result;
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

describe('folds', () => {
  it('hold out every example once, evenly, and every class evenly', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 2, max: 6 }), seeds, (labels, wanted, key) => {
        const folds = Math.min(wanted, labels.length);
        const parts = stratifiedFolds(labels, folds, key);
        expect(parts).toHaveLength(folds);
        expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual([...labels.keys()]);
        expect(spread(parts.map((part) => part.length))).toBeLessThanOrEqual(1);
        const perFold = parts.map((part) => counts(labels, part));
        for (let k = 0; k < 5; k++) expect(spread(perFold.map((one) => one[k]!))).toBeLessThanOrEqual(1);
        expect(stratifiedFolds(labels, folds, key)).toEqual(parts);
      }),
      { seed: 1 },
    );
  });

  it('without labels are as even, and their rest is for training', () => {
    const parts = plainFolds(11, 3, randomKey(2));
    expect(parts.map((part) => part.length)).toEqual([4, 4, 3]);
    expect(plainFolds(11, 3, randomKey(3))).not.toEqual(parts);
    for (const part of parts) {
      expect([...part, ...trainingPart(11, part)].sort((a, b) => a - b)).toEqual([...Array(11).keys()]);
    }
  });

  it('are refused where they cannot be', () => {
    expect(() => plainFolds(5, 1, randomKey(0))).toThrow(/folds is 1/);
    expect(() => plainFolds(5, 6, randomKey(0))).toThrow(/6 folds/);
    expect(() => stratifiedFolds(Int32Array.of(0, -1), 2, randomKey(0))).toThrow(/label 1 is -1/);
  });
});

describe('drawLabels', () => {
  it('keeps as many of each class as asked, and a smaller draw is part of a larger', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 1, max: 8 }), seeds, (labels, perClass, key) => {
        const all = counts(labels, Int32Array.from(labels.keys()));
        const kept = drawLabels(labels, { perClass }, key);
        expect(counts(labels, kept)).toEqual(all.map((count) => Math.min(count, perClass)));
        expect([...kept]).toEqual([...new Set(kept)].sort((a, b) => a - b));
        const more = new Set(drawLabels(labels, { perClass: perClass + 1 }, key));
        expect([...kept].every((i) => more.has(i))).toBe(true);
      }),
      { seed: 3 },
    );
  });

  it('keeps a share of each class, 1 at least', () => {
    const labels = Int32Array.from({ length: 63 }, (_, i) => (i < 40 ? 0 : i < 60 ? 1 : 2));
    const key = randomKey(1);
    expect(counts(labels, drawLabels(labels, { fraction: 0.1 }, key))).toEqual([4, 2, 1, 0, 0]);
    expect(drawLabels(labels, { fraction: 1 }, key)).toHaveLength(63);
    expect(() => drawLabels(labels, { fraction: 0 }, key)).toThrow(/fraction is 0/);
    expect(() => drawLabels(labels, { perClass: 0 }, key)).toThrow(/perClass is 0/);
  });
});
