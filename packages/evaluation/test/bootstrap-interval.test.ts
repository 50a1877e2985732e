import { bootstrapInterval } from '@patchbert/evaluation';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';

const key = randomKey(5);

describe('bootstrapInterval', () => {
  it('is a function of values, options and key', () => {
    const values = normals(deriveKey(key, 'values'), 50);
    expect(bootstrapInterval(values, { key })).toEqual(bootstrapInterval([...values], { key }));
    expect(bootstrapInterval(values, { key })).not.toEqual(bootstrapInterval(values, { key: randomKey(6) }));
  });

  it('holds the true mean about as often as it says', () => {
    let inside = 0;
    for (let i = 0; i < 300; i++) {
      const values = normals(deriveKey(key, 'coverage', i), 60);
      const { lower, upper } = bootstrapInterval(values, { level: 0.9, resamples: 300, key });
      if (lower <= 0 && 0 <= upper) inside++;
    }
    expect(inside / 300).toBeGreaterThan(0.84);
    expect(inside / 300).toBeLessThan(0.95);
  });

  it('is as wide as the normal distribution has it, and wider at a higher level', () => {
    const values = normals(deriveKey(key, 'width'), 400);
    const width = (level: number) => {
      const { lower, mean, upper } = bootstrapInterval(values, { level, key, resamples: 4000 });
      expect(lower).toBeLessThan(mean);
      expect(upper).toBeGreaterThan(mean);
      return upper - lower;
    };
    expect(width(0.95)).toBeGreaterThan((0.9 * 2 * 1.96) / 20);
    expect(width(0.95)).toBeLessThan((1.1 * 2 * 1.96) / 20);
    expect(width(0.99)).toBeGreaterThan(width(0.95));
  });

  it('in blocks sees that neighbours are alike', () => {
    const noise = normals(deriveKey(key, 'blocks'), 50);
    const values = Float64Array.from({ length: 500 }, (_, i) => noise[Math.floor(i / 10)]!);
    const width = (blockLength: number) => {
      const { lower, upper } = bootstrapInterval(values, { key, blockLength });
      return upper - lower;
    };
    expect(width(20)).toBeGreaterThan(2 * width(1));
  });

  it('is a point for values that are all the same, for one value and for blocks as long as the values', () => {
    const point = { mean: 3, lower: 3, upper: 3 };
    expect(bootstrapInterval([3, 3, 3], { key })).toEqual(point);
    expect(bootstrapInterval([3], { key })).toEqual(point);
    expect(bootstrapInterval([2, 4], { key, blockLength: 100 })).toEqual(point);
  });

  it.each([
    [[], {}, /number of values is 0/],
    [[1, Number.NaN], {}, /value 1 is NaN; leave out windows/],
    [[1], { level: 1 }, /level is 1/],
    [[1], { level: Number.NaN }, /level is NaN/],
    [[1], { resamples: 0 }, /resamples is 0/],
    [[1], { blockLength: 0 }, /blockLength is 0/],
  ])('refuses %j with %j', (values, options, message) => {
    expect(() => bootstrapInterval(values, { key, ...options })).toThrow(message);
  });
});
