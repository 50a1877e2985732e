import { majorityClass, summaryFeatures } from '@patchbert/evaluation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const point = fc.oneof(
  { weight: 4, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  fc.constant(Number.NaN),
  fc.constant(0),
);
const channel = fc.array(point, { minLength: 1, maxLength: 40 }).map((values) => Float32Array.from(values));

/** Names of the features of a channel, in order. */
const names =
  `mean deviation least largest placeOfLeast placeOfLargest rise skewness kurtosis q10 q25 median q75 q90
  autocorrelation step crossings octave1 octave2 octave3 octave4 missing`.split(/\s+/);

const described = (...values: number[]) =>
  Object.fromEntries(
    names.map((name, i) => [name, Number(summaryFeatures([Float32Array.from(values)])[i]!.toFixed(9))]),
  );

describe('summaryFeatures', () => {
  it('are as many for any series, and finite', () => {
    fc.assert(
      fc.property(channel, (values) => {
        const features = summaryFeatures([values, values.toReversed()]);
        expect(features).toHaveLength(2 * names.length + 1);
        expect([...features].every(Number.isFinite)).toBe(true);
        expect(features.at(-1)).toBe(values.length);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('say what they are named for', () => {
    expect(described(0, 1, 2, 3, 4)).toMatchObject({
      mean: 2,
      skewness: 0,
      least: 0,
      largest: 4,
      placeOfLeast: 0,
      placeOfLargest: 1,
      rise: 4,
      median: 2,
      q75: 3,
      step: 1,
      autocorrelation: 0.4,
      missing: 0,
    });
    expect(described(3, -3)).toMatchObject({ deviation: 3, octave1: 3, octave2: 0 });
    expect(described(1, -1, 1, -1, 1, -1, 1, -1)).toMatchObject({
      crossings: 1,
      kurtosis: -2,
      octave1: 1,
      octave2: 0,
      octave3: 0,
    });
    expect(described(1, 1, 1, 1, -1, -1, -1, -1)).toMatchObject({
      crossings: 0.142857143,
      octave1: 0,
      octave3: 1,
    });
  });

  it('pass over missing points', () => {
    const { mean, rise, missing, least } = described(1, Number.NaN, 3, Number.NaN, 5);
    expect([mean, rise, missing, least]).toEqual([3, 4, 0.4, 1]);
    expect(described(Number.NaN, Number.NaN)).toEqual({
      ...Object.fromEntries(names.map((name) => [name, 0])),
      missing: 1,
    });
  });

  it('of a constant have no shape', () => {
    const { mean, deviation, skewness, rise, autocorrelation, median } = described(...new Array(9).fill(0.1));
    expect([mean, median]).toEqual([0.100000001, 0.100000001]);
    expect([deviation, skewness, rise, autocorrelation]).toEqual([0, 0, 0, 0]);
  });
});

describe('majorityClass', () => {
  it('is the most frequent class, the first of equals', () => {
    expect(majorityClass(Int32Array.of(1, 0, 1, 1), 3)).toEqual({
      label: 1,
      shares: Float64Array.of(0.25, 0.75, 0),
    });
    expect(majorityClass(Int32Array.of(2, 1), 3).label).toBe(1);
    expect(() => majorityClass(new Int32Array(0), 3)).toThrow(/no labels/);
  });
});
