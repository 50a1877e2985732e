import { emptyPoints, type SeriesPoints } from '@patchbert/augment';
import { deriveKey, normals, type RandomKey, randomKey, uniforms } from '@patchbert/random';
import fc from 'fast-check';

/** A series with random values, a few points that are not visible and padding at the end. */
export function randomSeries(seed: number, channels: number, length: number, extent = length): SeriesPoints {
  const points = emptyPoints(channels, length);
  const numbers = normals(deriveKey(randomKey(seed), 'values'), channels * length);
  const holes = uniforms(deriveKey(randomKey(seed), 'holes'), channels * length);
  for (let i = 0; i < numbers.length; i++) {
    if (i % length >= extent || holes[i]! < 0.1) continue;
    points.values[i] = numbers[i]!;
    points.visible[i] = 1;
  }
  return points;
}

/** Every point visible. */
export function fullSeries(
  channels: number,
  length: number,
  valueAt: (t: number, c: number) => number,
): SeriesPoints {
  const points = emptyPoints(channels, length);
  points.visible.fill(1);
  for (let i = 0; i < points.values.length; i++) {
    points.values[i] = valueAt(i % length, Math.floor(i / length));
  }
  return points;
}

/** The same series with rubbish, NaN among it, wherever a point is not visible. */
export function withRubbish(points: SeriesPoints): SeriesPoints {
  const values = points.values.map((value, i) =>
    points.visible[i] === 1 ? value : i % 2 === 0 ? Number.NaN : 1e9,
  );
  return { ...points, values };
}

/** The same series with `more` further points of padding in every channel. */
export function padded(points: SeriesPoints, more: number): SeriesPoints {
  const result = emptyPoints(points.channels, points.length + more);
  for (let c = 0; c < points.channels; c++) {
    const from = c * points.length;
    result.values.set(points.values.subarray(from, from + points.length), c * result.length);
    result.visible.set(points.visible.subarray(from, from + points.length), c * result.length);
  }
  return result;
}

/** The first `length` points of every channel. */
export function firstPoints(points: SeriesPoints, length: number): SeriesPoints {
  const result = emptyPoints(points.channels, length);
  for (let c = 0; c < points.channels; c++) {
    const from = c * points.length;
    result.values.set(points.values.subarray(from, from + length), c * length);
    result.visible.set(points.visible.subarray(from, from + length), c * length);
  }
  return result;
}

export const seeds = fc.nat(1e9);
export const shapes = fc.record({
  channels: fc.integer({ min: 1, max: 4 }),
  length: fc.integer({ min: 1, max: 60 }),
});

export function keyOf(seed: number): RandomKey {
  return deriveKey(randomKey(seed), 'augment');
}
