import { detectPeriod } from '@patchbert/evaluation';
import { deriveKey, normals, randomKey, uniforms } from '@patchbert/random';
import { describe, expect, it } from 'vitest';

const key = randomKey(11);
const repeats = 20;
const hours = 24 * 90;

/** `length` values of `shape(row)` plus `noise` times normal noise. */
function series(length: number, stream: number, noise: number, shape: (row: number) => number): Float32Array {
  const errors = normals(deriveKey(key, 'noise', stream), length);
  return Float32Array.from(errors, (error, row) => shape(row) + noise * error);
}

function walk(length: number, stream: number, memory: number): number[] {
  let position = 0;
  return Array.from(normals(deriveKey(key, 'walk', stream), length), (step) => {
    position = memory * position + step;
    return position;
  });
}

const wave = (period: number) => (row: number) => Math.sin((2 * Math.PI * row) / period);
const day = wave(24);

describe('detectPeriod finds', () => {
  it('a day in hourly values, under noise', () => {
    for (let i = 0; i < repeats; i++) expect(detectPeriod(series(hours, i, 0.7, day))).toBe(24);
  });

  it('a week in daily values with week-ends, on a slope', () => {
    const shape = (row: number) => (row % 7 > 4 ? 2 : 0) + 0.01 * row;
    for (let i = 0; i < repeats; i++) expect(detectPeriod(series(280, i, 0.5, shape))).toBe(7);
  });

  it('a year in monthly values that grow', () => {
    const shape = (row: number) => 100 + row + 20 * wave(12)(row) + 10 * wave(6)(row);
    for (let i = 0; i < repeats; i++) expect(detectPeriod(series(144, i, 5, shape))).toBe(12);
  });

  it('the day, not the week, of a load with both; the week when only it is asked for', () => {
    const load = (row: number) => 2 * day(row) + wave(12)(row) + (Math.floor(row / 24) % 7 > 4 ? -1 : 0);
    for (let i = 0; i < repeats; i++) {
      const values = series(hours, i, 0.5, load);
      expect(detectPeriod(values)).toBe(24);
      expect(detectPeriod(values, { candidates: [168] })).toBe(168);
    }
  });

  it('the day of a transformer: weak beside weather that wanders and a year', () => {
    for (let i = 0; i < repeats; i++) {
      const weather = walk(24 * 360, i, 0.995);
      const shape = (row: number) => 17 + 8 * wave(24 * 365)(row) + 0.4 * weather[row]! + 2 * day(row);
      expect(detectPeriod(series(24 * 360, i, 0.5, shape), { candidates: [24, 168] })).toBe(24);
    }
  });

  it('the same with a third of the values missing, at once or scattered', () => {
    const draws = uniforms(deriveKey(key, 'holes'), hours);
    const values = series(hours, 0, 0.5, day);
    expect(detectPeriod(values.map((x, row) => (draws[row]! < 0.33 ? Number.NaN : x)))).toBe(24);
    expect(detectPeriod(values.map((x, row) => (row > 700 && row < 1400 ? Number.NaN : x)))).toBe(24);
  });

  it('the shortest season of all', () => {
    expect(detectPeriod(series(200, 0, 0.2, (row) => row % 2))).toBe(2);
  });

  it('the same in any unit and at any offset', () => {
    const values = series(hours, 0, 0.5, day);
    for (const factor of [1e-20, -3, 1e20]) expect(detectPeriod(values.map((x) => factor * x))).toBe(24);
    expect(detectPeriod(values.map((x) => x + 1000))).toBe(24);
  });
});

describe('detectPeriod finds nothing', () => {
  it('in noise, in noise with memory and in random walks, but for one in a hundred', () => {
    let found = 0;
    for (const length of [60, 300, 1000]) {
      for (let i = 0; i < 100; i++) {
        for (const memory of [0, 0.8, 1]) {
          if (detectPeriod(walk(length, 1000 * length + i, memory)) !== undefined) found++;
        }
      }
    }
    expect(found).toBeLessThanOrEqual(9);
  });

  it.each<[string, ArrayLike<number>]>([
    ['no values', []],
    ['two values', [1, 2]],
    ['a constant', new Float32Array(300).fill(0.1)],
    ['a straight line, rounded', Float32Array.from({ length: 500 }, (_, row) => 0.1 * row)],
    ['nothing observed', new Float32Array(300).fill(Number.NaN)],
    ['one observed', Float32Array.from({ length: 300 }, (_, row) => (row === 7 ? 1 : Number.NaN))],
    ['one spike', Float32Array.from({ length: 300 }, (_, row) => (row === 7 ? 1 : 0))],
    ['a step', Float32Array.from({ length: 300 }, (_, row) => (row < 100 ? 0 : 1))],
  ])('in %s', (_name, values) => {
    expect(detectPeriod(values)).toBeUndefined();
  });

  it('longer than the maximum, longer than a third of the values, or not among the candidates', () => {
    const values = series(hours, 0, 0.5, day);
    expect(detectPeriod(values, { maximum: 20 })).toBeUndefined();
    expect(detectPeriod(values.subarray(0, 60))).toBeUndefined();
    expect(detectPeriod(values, { candidates: [7, 36] })).toBeUndefined();
    expect(detectPeriod(values, { candidates: [] })).toBeUndefined();
  });
});

it('detectPeriod refuses periods that are none', () => {
  expect(() => detectPeriod([1], { maximum: 1 })).toThrow(/maximum is 1; expected a whole number, 2 or more/);
  expect(() => detectPeriod([1], { candidates: [24.5] })).toThrow(/candidate is 24.5/);
});
