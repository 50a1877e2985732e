import { instanceDenormalise, instanceNormalise, instanceStatistics } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const all = (values: Float32Array) => ({ start: 0, length: values.length });

describe('instanceStatistics', () => {
  it('is the mean and sqrt(population variance + epsilon)', () => {
    const { mean, scale } = instanceStatistics(Float32Array.of(9, 1, 3, 9), undefined, {
      start: 1,
      length: 2,
      epsilon: 3,
    });
    expect([mean, scale]).toEqual([2, 2]);
  });

  it('does not see points out of use, whatever they hold', () => {
    const point = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -999, max: 999 }), fc.boolean(), point)), (points) => {
        const use = Uint8Array.from(points, ([, used]) => (used ? 1 : 0));
        const one = Float32Array.from(points, ([value]) => value);
        const other = Float32Array.from(points, ([value, used, filler]) => (used ? value : filler));
        const gaps = Float32Array.from(points, ([value, used]) => (used ? value : Number.NaN));
        const expected = instanceStatistics(one, use, all(one));
        expect(instanceStatistics(other, use, all(one))).toEqual(expected);
        expect(instanceStatistics(gaps, undefined, all(one))).toEqual(expected);
        expect(Number.isFinite(expected.scale) && expected.scale > 0).toBe(true);
      }),
      { seed: 11 },
    );
  });

  it('keeps its digits at a large offset and for large values', () => {
    const values = Float32Array.from([0, 8, 16, 24], (x) => 1e8 + x);
    expect(instanceStatistics(values, undefined, all(values))).toEqual({
      mean: 1e8 + 12,
      scale: Math.sqrt(80 + 1e-5),
    });
    const large = Float32Array.of(1e30, -1e30);
    expect(instanceStatistics(large, undefined, all(large)).scale / 1e30).toBeCloseTo(1, 6);
  });

  it('is safe for constant, single, missing and empty series', () => {
    const floor = Math.sqrt(1e-5);
    const nan = Number.NaN;
    expect(instanceStatistics(Float32Array.of(5, 5, 5), undefined, { start: 0, length: 3 })).toEqual({
      mean: 5,
      scale: floor,
    });
    expect(instanceStatistics(Float32Array.of(nan, 5, nan), undefined, { start: 0, length: 3 })).toEqual({
      mean: 5,
      scale: floor,
    });
    expect(instanceStatistics(Float32Array.of(nan, nan), undefined, { start: 0, length: 2 })).toEqual({
      mean: 0,
      scale: floor,
    });
    expect(instanceStatistics(Float32Array.of(1, 2), Uint8Array.of(0, 0), { start: 0, length: 2 })).toEqual({
      mean: 0,
      scale: floor,
    });
    expect(instanceStatistics(new Float32Array(0), undefined, { start: 0, length: 0 })).toEqual({
      mean: 0,
      scale: floor,
    });
  });
});

describe('instanceNormalise', () => {
  const x = normalTensor([8, 1], [2, 6, 2]);
  const observed = tf.cast(tf.greater(normalTensor([8, 2], [2, 6, 2]), -0.5), 'float32');

  it('is undone by instanceDenormalise', () => {
    for (const options of [{ axis: 1 }, { axis: 1, observed }, { axis: 2 }]) {
      const { normalised, mean, scale } = instanceNormalise(x, options);
      const back = instanceDenormalise(normalised, { mean, scale });
      expect(tf.max(tf.abs(tf.sub(back, x))).dataSync()[0]).toBeLessThan(1e-5);
    }
  });

  it('statistics do not see unobserved points', () => {
    const poisoned = tf.add(x, tf.mul(tf.sub(1, observed), 1e6));
    const clean = instanceNormalise(x, { axis: 1, observed });
    const other = instanceNormalise(poisoned, { axis: 1, observed });
    expect(other.mean.dataSync()).toEqual(clean.mean.dataSync());
    expect(other.scale.dataSync()).toEqual(clean.scale.dataSync());
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((y) => instanceNormalise(y!, { axis: 1 }).normalised, [x], 5e-3);
    expectGradientMatchesDifferences(
      (y) => instanceNormalise(y!, { axis: 1, observed }).normalised,
      [x],
      5e-3,
    );
  });

  it('leaves its three results alone', () => {
    expectTensorsLeft(3, () => instanceNormalise(x, { axis: 1, observed }));
  });
});
