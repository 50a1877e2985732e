import { backtestOrigins } from '@patchbert/evaluation';
import fc from 'fast-check';
import { expect, it } from 'vitest';

it('by hand', () => {
  const rows = { start: 100, end: 148 };
  expect(backtestOrigins({ rows, horizon: 24, stride: 12, minimumContext: 96, refitEvery: 2 })).toEqual([
    { origin: 100, refit: true },
    { origin: 112, refit: false },
    { origin: 124, refit: true },
  ]);
  expect(backtestOrigins({ rows, horizon: 48, stride: 1, minimumContext: 100 })).toEqual([
    { origin: 100, refit: false },
  ]);
});

it('is every origin that fits, and no other', () => {
  const small = fc.integer({ min: 1, max: 12 });
  const row = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(
      row,
      row,
      small,
      small,
      row,
      row,
      small,
      (start, end, horizon, stride, context, earliest, every) => {
        const rows = { start, end };
        const options = { rows, horizon, stride, minimumContext: context, earliest, refitEvery: every };
        const expected: number[] = [];
        for (let origin = 0; origin <= 200; origin++) {
          const fits = origin >= start && origin + horizon <= end && origin - context >= earliest;
          const onGrid = expected.length === 0 || (origin - expected[0]!) % stride === 0;
          if (fits && onGrid) expected.push(origin);
        }
        if (expected.length === 0) {
          expect(() => backtestOrigins(options)).toThrow(
            expect.objectContaining({ code: 'evaluation/too-few-rows' }),
          );
          return;
        }
        const plan = backtestOrigins(options);
        expect(plan.map(({ origin }) => origin)).toEqual(expected);
        expect(plan.map(({ refit }) => refit)).toEqual(expected.map((_, i) => i % every === 0));
      },
    ),
    { seed: 6, numRuns: 300 },
  );
});

it.each([{ horizon: 0 }, { stride: 0 }, { minimumContext: -1 }, { refitEvery: 0 }, { earliest: 0.5 }])(
  'refuses %j',
  (change) => {
    const rows = { start: 0, end: 100 };
    const plan = () => backtestOrigins({ rows, horizon: 1, stride: 1, minimumContext: 1, ...change });
    expect(plan).toThrow(new RegExp(`${Object.keys(change)[0]} is ${Object.values(change)[0]}; expected`));
  },
);
