import { seriesPoints } from '@patchbert/augment';
import { randomKey } from '@patchbert/random';
import {
  cutPatches,
  drawPlaces,
  everyPlace,
  placeTensors,
  type SeriesModel,
  seriesModelSchema,
  tokenCount,
} from '@patchbert/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const model = (overrides: Partial<SeriesModel> = {}): SeriesModel =>
  seriesModelSchema.parse({ length: 6, patchLength: 4, patchStride: 1, ...overrides });

describe('cutPatches', () => {
  it('writes values, differences and what is not visible, patch by patch', () => {
    const points = seriesPoints([Float32Array.of(1, 3, Number.NaN, 4)], 6);
    const { data, shape } = cutPatches(
      [points],
      { model: model(), differenceScale: 2 },
      Uint32Array.of(0, 2),
    );
    expect(shape).toEqual([1, 2, 12]);
    expect([...data]).toEqual([
      ...[1, 3, 0, 4, /* differences */ 0, 1, 0, 0, /* not visible */ 0, 0, 1, 0],
      ...[0, 4, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1],
    ]);
  });

  it('puts all channels into one token, with the share of them that is not visible', () => {
    const points = seriesPoints(
      [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 1, Number.NaN, 1, 1, 1)],
      6,
    );
    const { data, shape } = cutPatches(
      [points],
      { model: model({ differences: false }), differenceScale: 1 },
      Uint32Array.of(0),
    );
    expect(shape).toEqual([1, 1, 12]);
    expect([...data]).toEqual([1, 2, 3, 4, 1, 1, 0, 1, 0, 0, 0.5, 0]);
  });

  it('makes a series of every channel when they are independent', () => {
    const points = seriesPoints([Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(7, 8, 9, 7, 8, 9)], 6);
    const options = { model: model({ channels: 'independent', differences: false }), differenceScale: 1 };
    const { data, shape } = cutPatches([points], options, Uint32Array.of(0));
    expect(shape).toEqual([2, 1, 8]);
    expect([...data]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 7, 8, 9, 7, 0, 0, 0, 0]);
  });

  it('pads the last patch as not visible', () => {
    const short = model({ length: 5, patchStride: 4 });
    expect(tokenCount(short)).toBe(2);
    const points = seriesPoints([Float32Array.of(1, 2, 3, 4, 5)], 5);
    const { data } = cutPatches(
      [points],
      { model: { ...short, differences: false }, differenceScale: 1 },
      Uint32Array.of(1),
    );
    expect([...data]).toEqual([5, 0, 0, 0, 0, 1, 1, 1]);
  });

  it('covers every point, whatever length, patch and stride', () => {
    const layouts = fc
      .tuple(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
      )
      .filter(([length, patchLength, patchStride]) => patchLength <= length && patchStride <= patchLength);
    fc.assert(
      fc.property(layouts, ([length, patchLength, patchStride]) => {
        const layout = model({ length, patchLength, patchStride, differences: false });
        const values = Float32Array.from({ length }, (_, i) => i + 1);
        const { data } = cutPatches(
          [seriesPoints([values])],
          { model: layout, differenceScale: 1 },
          everyPlace(tokenCount(layout)),
        );
        expect(new Set([...values].filter((value) => !data.includes(value)))).toEqual(new Set());
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('never reads what stands where nothing is visible', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (seen) => {
        const visible = Uint8Array.from(seen, Number);
        const cut = (filler: number) =>
          cutPatches(
            [
              {
                channels: 2,
                length: 6,
                visible,
                values: Float32Array.from(visible, (v, i) => (v ? i : filler)),
              },
            ],
            { model: model(), differenceScale: 1 },
            everyPlace(3),
          ).data;
        expect(cut(1e6)).toEqual(cut(0));
        expect(cut(Number.NaN)).toEqual(cut(0));
      }),
      { seed: 6, numRuns: 50 },
    );
  });
});

describe('drawPlaces', () => {
  it('draws ascending places without repeats, at least one, as its key says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.nat(99),
        (count, share, seed) => {
          const places = [...drawPlaces(count, share, randomKey(seed))];
          expect(places.length).toBe(Math.max(1, Math.ceil(share * count)));
          expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
          expect(Math.max(...places)).toBeLessThan(count);
          expect(places).toEqual([...drawPlaces(count, share, randomKey(seed))]);
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });

  it('become the tensors that put positions in place', () => {
    const { placeIndex, placeRestore, placeHidden } = placeTensors(Uint32Array.of(1, 3), 4);
    expect([...placeIndex!.data]).toEqual([1, 3]);
    expect([...placeRestore!.data]).toEqual([0, 0, 0, 1]);
    expect([...placeHidden!.data]).toEqual([1, 0, 1, 0]);
  });
});
