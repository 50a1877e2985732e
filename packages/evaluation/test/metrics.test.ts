import {
  crpsFromQuantiles,
  intervalCoverage,
  meanAbsoluteError,
  meanAbsoluteScaledError,
  meanSquaredError,
  meanWeightedQuantileLoss,
  pinballLoss,
  rootMeanSquaredError,
  seasonalScale,
  symmetricMeanAbsolutePercentageError,
  weightedQuantileLoss,
} from '@patchbert/evaluation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const seed = 4;
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 });
const level = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const errors = {
  meanSquaredError,
  meanAbsoluteError,
  rootMeanSquaredError,
  symmetricMeanAbsolutePercentageError,
};

describe.each(Object.entries(errors))('%s', (_name, error) => {
  it('is 0 for the truth itself, never negative, and the same with both sides swapped', () => {
    fc.assert(
      fc.property(pairs, (points) => {
        const [f, y] = [points.map(([a]) => a), points.map(([, b]) => b)];
        expect(error(y, y)).toBe(0);
        expect(error(f, y)).toBeGreaterThanOrEqual(0);
        expect(error(f, y)).toBeCloseTo(error(y, f), 12);
      }),
      { seed },
    );
  });

  it('leaves out what was not measured, whatever was predicted there', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(0, 1e9, Number.NaN, Number.POSITIVE_INFINITY), (points, filler) => {
        const [f, y] = [points.map(([a]) => a), points.map(([, b]) => b)];
        expect(error([filler, ...f], [Number.NaN, ...y])).toBe(error(f, y));
      }),
      { seed },
    );
  });

  it('is NaN when nothing was measured', () => {
    expect(error([1, 2], [Number.NaN, Number.NaN])).toBeNaN();
    expect(error([], [])).toBeNaN();
  });

  it('refuses forecasts that are no numbers, and lengths that differ', () => {
    expect(() => error([1, Number.NaN], [1, 2])).toThrow(/point 1 has prediction NaN for target 2/);
    expect(() => error([Number.POSITIVE_INFINITY], [2])).toThrow(/expected finite numbers/);
    expect(() => error([1], [1, 2])).toThrow(/prediction has 1 points, target 2/);
  });
});

describe('sMAPE', () => {
  it('counts 0/0 as 0 and stays within 0 to 200', () => {
    expect(symmetricMeanAbsolutePercentageError([0, 0], [0, 5])).toBe(100);
    expect(symmetricMeanAbsolutePercentageError([-3], [5])).toBe(200);
  });
});

describe('MASE', () => {
  it('is 1 for the seasonal naive forecast of a history that goes on as it was', () => {
    const history = [1, 5, 2, 6, 3, 7];
    expect(seasonalScale(history, 2)).toBe(1);
    expect(meanAbsoluteScaledError([3, 7], [4, 8], seasonalScale(history, 2))).toBe(1);
  });

  it('leaves out pairs with a missing value', () => {
    expect(seasonalScale([1, Number.NaN, 3, 7])).toBe(4);
    expect(seasonalScale([1, Number.NaN])).toBeNaN();
  });

  it('is not defined on a flat or unknown history, rather than infinite', () => {
    expect(seasonalScale([5, 5, 5])).toBe(0);
    expect(meanAbsoluteScaledError([1], [2], 0)).toBeNaN();
    expect(meanAbsoluteScaledError([1], [2], seasonalScale([], 24))).toBeNaN();
    expect(() => meanAbsoluteScaledError([1], [2], -1)).toThrow(/scale is -1/);
    expect(() => seasonalScale([1, 2], 0)).toThrow(/period is 0/);
  });

  it('does not depend on the units', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.01, max: 100, noNaN: true }), value, (points, factor, offset) => {
        const units = (x: number) => factor * x + offset;
        const [f, y] = [points.map(([a]) => a), points.map(([, b]) => b)];
        const history = [0, 1e6, 10, ...f];
        const plain = meanAbsoluteScaledError(f, y, seasonalScale(history));
        const other = meanAbsoluteScaledError(f.map(units), y.map(units), seasonalScale(history.map(units)));
        expect(Math.abs(other - plain)).toBeLessThanOrEqual(1e-6 * Math.max(plain, 1));
      }),
      { seed },
    );
  });
});

describe('quantile losses', () => {
  it('at the median are half the absolute error; CRPS of a median is the absolute error', () => {
    fc.assert(
      fc.property(pairs, (points) => {
        const [f, y] = [points.map(([a]) => a), points.map(([, b]) => b)];
        const mae = meanAbsoluteError(f, y);
        expect(pinballLoss(f, y, 0.5)).toBeCloseTo(mae / 2, 6);
        expect(crpsFromQuantiles([{ level: 0.5, values: f }], y)).toBeCloseTo(mae, 6);
      }),
      { seed },
    );
  });

  it('are least at the sample quantile, which is what makes them proper', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), level, value, (sample, q, other) => {
        const sorted = sample.toSorted((a, b) => a - b);
        const quantile = sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
        const loss = (at: number) =>
          pinballLoss(
            sample.map(() => at),
            sample,
            q,
          );
        expect(loss(quantile)).toBeLessThanOrEqual(loss(other) * (1 + 1e-9) + 1e-9);
      }),
      { seed },
    );
  });

  it('weigh by the size of the truth, do not depend on its unit, and are not defined when it is 0', () => {
    expect(weightedQuantileLoss([0, 0], [10, -10], 0.9)).toBe(1);
    expect(weightedQuantileLoss([0, 0], [1000, -1000], 0.9)).toBe(1);
    expect(weightedQuantileLoss([1], [0], 0.9)).toBeNaN();
    expect(
      meanWeightedQuantileLoss(
        [
          { level: 0.1, values: [0] },
          { level: 0.9, values: [0] },
        ],
        [10],
      ),
    ).toBeCloseTo(1, 12);
  });

  it.each([0, 1, -0.5, 10, Number.NaN])('refuse level %d', (wrong) => {
    expect(() => pinballLoss([1], [1], wrong)).toThrow(/above 0 and below 1/);
    expect(() => weightedQuantileLoss([1], [1], wrong)).toThrow(/above 0 and below 1/);
  });

  it('refuse no levels at all', () => {
    expect(() => crpsFromQuantiles([], [1])).toThrow(/no quantiles/);
  });
});

describe('intervalCoverage', () => {
  it('counts bounds as inside, missing truth not at all, and crossed bounds as empty', () => {
    expect(intervalCoverage([1, 1, 1], [2, 2, 2], [1, 2, 3])).toBeCloseTo(2 / 3, 12);
    expect(intervalCoverage([1, 1], [2, 2], [Number.NaN, 1.5])).toBe(1);
    expect(intervalCoverage([2], [1], [1.5])).toBe(0);
    expect(() => intervalCoverage([1], [1, 2], [1])).toThrow(/upper has 2 points/);
    expect(() => intervalCoverage([1], [Number.NaN], [1])).toThrow(/expected finite numbers/);
  });
});
