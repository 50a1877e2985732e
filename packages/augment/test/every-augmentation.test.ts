import {
  augmentationSchema,
  augmentSeries,
  crop,
  dropChannels,
  emptyPoints,
  jitter,
  maskCells,
  mixUp,
  type SeriesPoints,
  scale,
  shift,
  timeWarp,
} from '@patchbert/augment';
import type { RandomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPoints, keyOf, padded, randomSeries, seeds, shapes, withRubbish } from './series-setup.ts';

type Augment = (points: SeriesPoints, key: RandomKey, out?: SeriesPoints) => SeriesPoints;

const everything = augmentationSchema.parse({ crop: 0.2, dropChannels: 0.3 });
const nothing = augmentationSchema.parse({ timeWarp: false, scale: 0, jitter: 0 });
const other = (points: SeriesPoints) => randomSeries(5, points.channels, points.length);

const augmentations: readonly { name: string; strong: Augment; none?: Augment; inPlace: boolean }[] = [
  {
    name: 'timeWarp',
    strong: (p, key, out) => timeWarp(p, {}, key, out),
    none: (p, key) => timeWarp(p, { stretch: 0, shift: 0, wave: 0 }, key),
    inPlace: false,
  },
  {
    name: 'shift',
    strong: (p, key, out) => shift(p, { share: 0.3 }, key, out),
    none: (p, key) => shift(p, { share: 0 }, key),
    inPlace: false,
  },
  {
    name: 'jitter',
    strong: (p, key, out) => jitter(p, { deviation: 1 }, key, out),
    none: (p, key) => jitter(p, { deviation: 0 }, key),
    inPlace: true,
  },
  {
    name: 'scale',
    strong: (p, key, out) => scale(p, { deviation: 0.5 }, key, out),
    none: (p, key) => scale(p, { deviation: 0 }, key),
    inPlace: true,
  },
  {
    name: 'crop',
    strong: (p, key, out) => crop(p, { share: 0.4 }, key, out),
    none: (p, key) => crop(p, { share: 0 }, key),
    inPlace: true,
  },
  {
    name: 'dropChannels',
    strong: (p, key, out) => dropChannels(p, { share: 0.5 }, key, out),
    none: (p, key) => dropChannels(p, { share: 0 }, key),
    inPlace: true,
  },
  {
    name: 'maskCells',
    strong: (p, key, out) => maskCells(p, { cellLength: 4, share: 0.5 }, key, out),
    none: (p, key) => maskCells(p, { cellLength: 4, share: 0 }, key),
    inPlace: true,
  },
  {
    name: 'mixUp',
    strong: (p, key, out) => mixUp(p, other(p), { alpha: 0.4 }, key, out).points,
    inPlace: true,
  },
  {
    name: 'augmentSeries',
    strong: (p, key, out) => augmentSeries(p, everything, key, out),
    none: (p, key) => augmentSeries(p, nothing, key),
    inPlace: false,
  },
];

describe.each(augmentations)('$name', ({ name, strong, none, inPlace }) => {
  it('is a function of series and key, whatever was called before, and leaves the series alone', () => {
    fc.assert(
      fc.property(seeds, shapes, (seed, { channels, length }) => {
        const points = randomSeries(seed, channels, length);
        const before = structuredClone(points);
        const first = strong(points, keyOf(seed));
        strong(points, keyOf(seed + 1));
        expect(strong(points, keyOf(seed))).toEqual(first);
        expect(points).toEqual(before);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('reads no value that is not visible and leaves 0 there', () => {
    fc.assert(
      fc.property(seeds, shapes, (seed, { channels, length }) => {
        const points = randomSeries(seed, channels, length, Math.ceil(length * 0.8));
        const result = strong(points, keyOf(seed));
        expect(strong(withRubbish(points), keyOf(seed))).toEqual(result);
        expect(
          result.values.every(
            (value, i) => Number.isFinite(value) && (result.visible[i] === 1 || value === 0),
          ),
        ).toBe(true);
        expect(result.visible.every((seen) => seen === 0 || seen === 1)).toBe(true);
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it('writes to the points given, every one of them', () => {
    const points = randomSeries(3, 2, 40);
    const out = emptyPoints(2, 40);
    out.values.fill(7);
    out.visible.fill(1);
    expect(strong(points, keyOf(3), out)).toBe(out);
    expect(out).toEqual(strong(points, keyOf(3)));
  });

  it(inPlace ? 'works in place' : 'refuses to work in place', () => {
    const points = randomSeries(4, 2, 40);
    const wanted = strong(points, keyOf(4));
    if (inPlace) expect(strong(points, keyOf(4), points)).toEqual(wanted);
    else expect(() => strong(points, keyOf(4), points)).toThrow(`${name}: "out" shares an array`);
  });

  it('survives a series in which nothing is visible', () => {
    const nothingVisible = emptyPoints(2, 10);
    expect(strong(nothingVisible, keyOf(5))).toEqual(nothingVisible);
  });

  it('refuses arrays and outputs of other sizes', () => {
    const points = randomSeries(6, 2, 10);
    expect(() => strong({ ...points, visible: new Uint8Array(19) }, keyOf(6))).toThrow(/20 of each/);
    expect(() => strong(points, keyOf(6), emptyPoints(1, 20))).toThrow(/expected one shape/);
  });

  it.runIf(none !== undefined)('changes nothing at strength 0', () => {
    fc.assert(
      fc.property(seeds, shapes, (seed, { channels, length }) => {
        const points = randomSeries(seed, channels, length);
        expect(none!(points, keyOf(seed))).toEqual(points);
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  // Crop after a warp sees where the warped series ends, which room decides.
  it.runIf(!['mixUp', 'augmentSeries'].includes(name))('does the same however long the padding is', () => {
    fc.assert(
      fc.property(seeds, shapes, fc.integer({ min: 1, max: 20 }), (seed, { channels, length }, more) => {
        const points = randomSeries(seed, channels, length);
        const longer = strong(padded(points, more), keyOf(seed));
        expect(firstPoints(longer, length)).toEqual(strong(points, keyOf(seed)));
      }),
      { seed: 8, numRuns: 50 },
    );
  });
});
