import { instanceStatistics, observedPoints, standardiseObserved, subtractExactly } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** What is computed of one series, as plain numbers. */
function standardise(values: Float32Array, constantBelow = 0) {
  return tf.tidy(() => {
    const x = tf.tensor2d(values, [1, values.length]);
    const { standardised, mean, deviation } = standardiseObserved(x, observedPoints(x), { constantBelow });
    return {
      numbers: standardised.dataSync(),
      mean: mean.dataSync()[0]!,
      deviation: deviation.dataSync()[0]!,
    };
  });
}

describe('standardiseObserved', () => {
  it('agrees with float64 on the host, whatever the level and the unit', () => {
    const wave = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 40 });
    const unit = fc.constantFrom(1e-35, 1e-30, 1e-6, 1, 1e6, 1e30, 1e37);
    const level = fc.constantFrom(0, 1, -300, 1e5);
    fc.assert(
      fc.property(wave, unit, level, fc.nat(), (points, size, offset, gap) => {
        fc.pre(size * (Math.abs(offset) + 5) < 3e38);
        const values = Float32Array.from(points, (value, i) =>
          i % 7 === gap % 7 && i > 0 ? Number.NaN : (value + 3 * Math.sin(i) + offset) * size,
        );
        const { mean, scale } = instanceStatistics(values, undefined, {
          start: 0,
          length: values.length,
          epsilon: 0,
        });
        const found = standardise(values);
        // A level above the deviation takes digits from the values themselves, before anything is computed.
        const digits = 2e-6 * (1 + Math.abs(offset) / 10);
        expect(Math.abs(found.deviation - scale) / scale).toBeLessThan(digits);
        expect(Math.abs(found.mean - mean)).toBeLessThan(1e-6 * (Math.abs(mean) + scale));
        values.forEach((value, i) => {
          const expected = Number.isNaN(value) ? 0 : (value - mean) / scale;
          expect(Math.abs(found.numbers[i]! - expected)).toBeLessThan(digits * 10);
        });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('makes 0 of a constant series, of an empty one, and of one that varies by rounding alone', () => {
    const zeros = Array(4).fill(0);
    const sizes = ({ numbers }: { numbers: ArrayLike<number> }) => Array.from(numbers, Math.abs);
    expect(standardise(new Float32Array(4).fill(21.3))).toMatchObject({ deviation: 0 });
    expect(sizes(standardise(new Float32Array(4).fill(21.3)))).toEqual(zeros);
    const empty = standardise(new Float32Array(4).fill(Number.NaN));
    expect([...sizes(empty), empty.mean, empty.deviation]).toEqual([...zeros, 0, 0]);
    const rounding = standardise(Float32Array.of(1e6, 1e6, 1e6 + 0.25, 1e6), 1e-6);
    expect([...sizes(rounding), rounding.deviation]).toEqual([...zeros, 0]);
  });

  it('holds the largest numbers there are', () => {
    const { numbers, deviation } = standardise(Float32Array.of(3.4e38, -3.4e38, 3.4e38, 3.4e38));
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(deviation / 3.4e38).toBeCloseTo(Math.sqrt(0.75), 5);
  });
});

describe('subtractExactly', () => {
  it('loses no digits to means that are no float32 numbers', () => {
    const means = [101325.37, 1_700_000_123.4, -0.1];
    const x = means.map((mean) => Math.fround(mean + 2));
    const found = tf.tidy(() => subtractExactly(tf.tensor2d(x, [1, 3]), means, [1, 3]).dataSync());
    means.forEach((mean, i) => {
      expect(found[i]).toBeCloseTo(x[i]! - mean, 5);
    });
  });
});
