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
  expect(forecastSplits(stacked([1000]), [5])).toEqual([
    { train: { start: 0, end: 700 }, validation: { start: 700, end: 800 }, test: { start: 800, end: 1000 } },
  ]);
});

test('every recording of a panel can be validated and scored at the longest horizon, however short', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 10, max: 300 }), { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 1, max: 20 }),
      (extra, horizon) => {
        const segments = stacked(extra.map((more) => 2 * horizon + more));
        forecastSplits(segments, [1, horizon]).forEach(({ train, validation, test }, s) => {
          const { start, end } = segments[s]!;
          expect([train.start, validation.start, test.start, test.end]).toEqual([
            start,
            train.end,
            validation.end,
            end,
          ]);
          expect(train.end).toBeGreaterThan(start);
          expect(validation.end - validation.start).toBeGreaterThanOrEqual(horizon);
          expect(test.end - test.start).toBeGreaterThanOrEqual(horizon);
          expect((test.end - test.start) / (end - start)).toBeGreaterThan(0.15);
        });
      },
    ),
    { seed: 5 },
  );
});
