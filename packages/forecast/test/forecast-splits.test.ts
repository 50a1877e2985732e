import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecastSplits } from '../src/index.ts';

const stacked = (lengths: readonly number[]) => {
  let start = 0;
  return lengths.map((length, i) => {
    const segment = { id: `series ${i}`, start, end: start + length };
    start += length;
    return segment;
  });
};

test('one recording is split 70 / 10 / 20', () => {
  expect(forecastSplits(stacked([1000]), { contextLength: 10, horizons: [5] })).toEqual([
    {
      train: { start: 0, end: 700 },
      validation: { start: 700, end: 800 },
      test: { start: 800, end: 1000 },
    },
  ]);
});

test('every recording of a panel has a window of every part, however short', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 20 }),
      (extra, contextLength, horizon) => {
        const segments = stacked(extra.map((more) => contextLength + 3 * horizon + more));
        const splits = forecastSplits(segments, { contextLength, horizons: [1, horizon] });
        splits.forEach(({ train, validation, test }, s) => {
          expect(train.start).toBe(segments[s]!.start);
          expect(test.end).toBe(segments[s]!.end);
          expect(train.end - train.start).toBeGreaterThanOrEqual(contextLength + horizon);
          expect(validation.end - validation.start).toBeGreaterThanOrEqual(horizon);
          expect(test.end - test.start).toBeGreaterThanOrEqual(horizon);
        });
      },
    ),
    { seed: 5 },
  );
});

test('a recording that is too short is named', () => {
  expect(() => forecastSplits(stacked([200, 29]), { contextLength: 15, horizons: [5] })).toThrow(
    /series "series 1" too short: 29 rows, expected at least 30/,
  );
});
