import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import {
  chooseSeriesModel,
  fitSeriesInputs,
  fitSeriesScaler,
  prepareSeries,
  seriesFingerprint,
  tokenCount,
} from '@patchbert/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function setOf(series: readonly (readonly (readonly number[])[])[], labels?: readonly string[]): SeriesSet {
  return createSeriesSet({
    name: 'made',
    channels: series[0]!.map((_, c) => `channel ${c + 1}`),
    series: series.map((channels, i) => ({
      id: `${i + 1}`,
      values: channels.map((values) => Float32Array.from(values)),
    })),
    ...(labels && { labels }),
  });
}

describe('fitSeriesScaler', () => {
  it('has the mean and deviation of every measured point of a channel', () => {
    const { mean, deviation } = fitSeriesScaler(
      setOf([
        [
          [1, 3],
          [5, 5],
        ],
        [
          [Number.NaN, 5, 3],
          [5, Number.NaN, 5],
        ],
      ]),
    );
    expect(mean).toEqual([3, 5]);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(2), 12);
    expect(deviation[1]).toBe(1);
  });

  it('names a channel that is never measured', () => {
    const set = setOf([
      [
        [1, 2],
        [Number.NaN, Number.NaN],
      ],
    ]);
    expect(() => fitSeriesScaler(set)).toThrow(/channel "channel 2".*no value in any series/);
  });
});

describe('prepareSeries', () => {
  const train = setOf([[[0, 2, 4, 6]], [[2, Number.NaN, 4]]]);
  const inputs = fitSeriesInputs(train, { patchLength: 2, patchStride: 1 });

  it('scales by the training series and marks gaps and ends as not visible', () => {
    const [, second] = prepareSeries(train, inputs.model, inputs.scaler);
    expect([...second!.visible]).toEqual([1, 0, 1, 0]);
    const { mean, deviation } = inputs.scaler;
    expect(second!.values[0]).toBeCloseTo((2 - mean[0]!) / deviation[0]!, 6);
    expect(second!.values[1]).toBe(0);
    expect(second!.values[3]).toBe(0);
  });

  it('prepares a series alike alone and among others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (values) => {
          const alone = setOf([[values]]);
          const among = setOf([[[1]], [values], [[100, 200]]]);
          expect(prepareSeries(among, inputs.model, inputs.scaler)[1]).toEqual(
            prepareSeries(alone, inputs.model, inputs.scaler)[0],
          );
        },
      ),
      { seed: 8, numRuns: 50 },
    );
  });

  it('cuts a longer series and averages where points are pooled', () => {
    const pooled = { ...inputs.model, pooling: 2, length: 2, normalise: 'none' as const };
    const [only] = prepareSeries(setOf([[[1, 3, Number.NaN, 5, 7, 9]]]), pooled, inputs.scaler);
    expect([...only!.values]).toEqual([2, 5]);
  });

  it('per series: mean 0 and deviation 1 of each channel, a constant one 0', () => {
    const own = { ...inputs.model, normalise: 'per-series' as const };
    const [only] = prepareSeries(setOf([[[100, 102, Number.NaN, 104]]]), own, inputs.scaler);
    expect([...only!.values].map((value) => Number(value.toFixed(5)))).toEqual([-1.22474, 0, 0, 1.22474]);
    const [flat] = prepareSeries(setOf([[[7, 7, 7, 7]]]), own, inputs.scaler);
    expect([...flat!.values]).toEqual([0, 0, 0, 0]);
  });

  it('refuses series of other channels', () => {
    expect(() => prepareSeries(setOf([[[1], [2]]]), inputs.model, inputs.scaler)).toThrow(
      /has 2 channels, .* for 1/,
    );
  });
});

describe('chooseSeriesModel', () => {
  it('always makes a usable model, of bounded cost', () => {
    const data = fc.record({
      longest: fc.integer({ min: 1, max: 20_000 }),
      channels: fc.integer({ min: 1, max: 1500 }),
    });
    fc.assert(
      fc.property(data, ({ longest, channels }) => {
        const model = chooseSeriesModel({ longest, channels });
        expect(model.length * model.pooling).toBeGreaterThanOrEqual(longest);
        expect(tokenCount(model)).toBeLessThanOrEqual(64);
        expect(model.patchLength).toBeLessThanOrEqual(model.length);
        expect((2 * channels + 1) * model.patchLength).toBeLessThanOrEqual(
          Math.max(20_000, 4 * (2 * channels + 1)),
        );
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  it('lets everything be chosen', () => {
    const model = chooseSeriesModel(
      { longest: 100, channels: 3 },
      { patchLength: 20, channels: 'independent', width: 32 },
    );
    expect(model).toMatchObject({
      patchLength: 20,
      patchStride: 5,
      channels: 'independent',
      width: 32,
      length: 100,
    });
  });

  it('refuses patches longer than the series, and gaps between patches', () => {
    expect(() => chooseSeriesModel({ longest: 10, channels: 1 }, { patchLength: 20 })).toThrow(
      /do not fit into series of 10/,
    );
    expect(() =>
      chooseSeriesModel({ longest: 100, channels: 1 }, { patchLength: 4, patchStride: 5 }),
    ).toThrow(/skips points/);
  });
});

describe('seriesFingerprint', () => {
  it('knows values, gaps, labels and their order', () => {
    const base = setOf([[[1, Number.NaN]], [[2, 3]]], ['a', 'b']);
    const print = seriesFingerprint(base);
    expect(seriesFingerprint(setOf([[[1, Number.NaN]], [[2, 3]]], ['a', 'b']))).toBe(print);
    expect(seriesFingerprint(setOf([[[1, 0]], [[2, 3]]], ['a', 'b']))).not.toBe(print);
    expect(seriesFingerprint(setOf([[[1, Number.NaN]], [[2, 3]]], ['b', 'a']))).not.toBe(print);
    expect(seriesFingerprint(setOf([[[2, 3]], [[1, Number.NaN]]], ['b', 'a']))).not.toBe(print);
  });
});
