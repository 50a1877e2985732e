import { drift, lastValue, seasonalNaive, windowMean } from '@patchbert/evaluation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const _ = Number.NaN;
const seed = 5;
const observed = fc.float({ min: -1000, max: 1000, noNaN: true });
const context = fc.array(fc.oneof({ weight: 3, arbitrary: observed }, fc.constant(_)), { maxLength: 40 });
const horizon = fc.integer({ min: 1, max: 30 });
const seasonal = (period: number) => (values: ArrayLike<number>, steps: number, fallback?: number) =>
  seasonalNaive(values, steps, period, fallback);

describe('by hand', () => {
  it.each<[string, Float32Array, number[]]>([
    ['lastValue', lastValue([1, 4, _], 3), [4, 4, 4]],
    ['windowMean', windowMean([1, _, 3, 8], 2), [4, 4]],
    ['drift', drift([0, 9, 4], 3), [6, 8, 10]],
    ['drift from an earlier end', drift([_, 0, 2, _, _], 2), [8, 10]],
    ['drift through one value', drift([_, 5, _], 2), [5, 5]],
    ['seasonalNaive', seasonalNaive([9, 1, 2, 3], 5, 3), [1, 2, 3, 1, 2]],
    ['seasonalNaive, an older season', seasonalNaive([1, 2, 3, _, 5, _], 4, 3), [1, 5, 3, 1]],
    ['seasonalNaive, a phase never seen', seasonalNaive([1, _, 3, _], 3, 2), [3, 3, 3]],
    ['seasonalNaive, shorter than its season', seasonalNaive([1, 2, 3], 2, 3), [1, 2]],
  ])('%s', (_name, forecast, expected) => {
    expect([...forecast]).toEqual(expected);
  });
});

describe.each(Object.entries({ lastValue, windowMean, drift, 'seasonalNaive(1)': seasonal(1) }))(
  '%s',
  (_name, predict) => {
    it('has a finite number for every step when anything was observed, else the fallback', () => {
      fc.assert(
        fc.property(context, horizon, (values, steps) => {
          fc.pre(values.length > 0);
          const nothing = values.every(Number.isNaN);
          const forecast = predict(values, steps, 123);
          expect(forecast).toHaveLength(steps);
          expect(forecast.every(Number.isFinite)).toBe(true);
          if (nothing) expect([...forecast]).toEqual(Array(steps).fill(123));
          expect(predict(values, steps).every(Number.isNaN)).toBe(nothing);
        }),
        { seed },
      );
    });

    it('moves with offset and unit', () => {
      fc.assert(
        fc.property(
          context,
          horizon,
          fc.constantFrom(-2, 0.5, 4),
          observed,
          (values, steps, factor, offset) => {
            fc.pre(values.some(Number.isFinite));
            const plain = predict(values, steps);
            const moved = predict(
              values.map((x) => factor * x + offset),
              steps,
            );
            const scale = Math.max(1, ...plain.map(Math.abs)) * Math.abs(factor) + Math.abs(offset);
            plain.forEach((value, i) => {
              expect(Math.abs(moved[i]! - (factor * value + offset))).toBeLessThanOrEqual(1e-5 * scale);
            });
          },
        ),
        { seed },
      );
    });

    it('predicts a constant from a constant, and leaves the context alone', () => {
      const values = Object.freeze([7, _, 7, 7]) as readonly number[];
      expect([...predict(values, 3)]).toEqual([7, 7, 7]);
    });

    it('refuses a horizon of nothing', () => {
      expect(() => predict([1], 0)).toThrow(/horizon is 0; expected a whole number, 1 or more/);
    });
  },
);

describe('seasonalNaive', () => {
  it('with a period of 1 is lastValue', () => {
    fc.assert(
      fc.property(context, horizon, (values, steps) => {
        fc.pre(values.length > 0);
        expect(seasonalNaive(values, steps, 1)).toEqual(lastValue(values, steps));
      }),
      { seed },
    );
  });

  it('is exact on a repeating series with holes, as long as each phase was seen', () => {
    fc.assert(
      fc.property(
        fc.array(observed, { minLength: 1, maxLength: 8 }),
        fc.array(fc.boolean(), { maxLength: 30 }),
        horizon,
        (season, holes, steps) => {
          const period = season.length;
          const row = (i: number) => season[i % period]!;
          const values = Array.from({ length: period + holes.length }, (_x, i) =>
            i >= period && holes[i - period] ? _ : row(i),
          );
          const expected = Float32Array.from({ length: steps }, (_x, i) => row(values.length + i));
          expect(seasonalNaive(values, steps, period)).toEqual(expected);
        },
      ),
      { seed },
    );
  });

  it('refuses a context without a whole season', () => {
    expect(() => seasonalNaive([1, 2, 3], 2, 4)).toThrow(/3 rows hold no whole period of 4/);
    expect(() => seasonalNaive([1, 2, 3], 2, 0)).toThrow(/period is 0/);
  });
});

describe('drift', () => {
  it('continues a straight line, with holes anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: -50, max: 50 }),
        horizon,
        (seen, slope, steps) => {
          fc.pre(seen.filter(Boolean).length >= 2);
          const line = (i: number) => 3 + slope * i;
          const forecast = drift(
            seen.map((is, i) => (is ? line(i) : _)),
            steps,
          );
          forecast.forEach((value, i) => {
            expect(value).toBeCloseTo(line(seen.length + i), 2);
          });
        },
      ),
      { seed },
    );
  });
});
