import {
  createForecastAccumulator,
  type ForecastWindow,
  intervalCoverage,
  meanAbsoluteError,
  meanSquaredError,
  seasonalScale,
  symmetricMeanAbsolutePercentageError,
} from '@patchbert/evaluation';
import { deriveKey, normals, permutation, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const key = randomKey(7);
const horizon = 6;
const levels = [0.1, 0.3, 0.5, 0.7, 0.9];

/** Windows of 3 channels with different units, 10 % of the targets missing. */
function windows(count: number, stream: string): ForecastWindow[] {
  return Array.from({ length: count }, (_, i) => {
    const unit = 10 ** ((i % 3) * 3);
    const draw = (...path: string[]) =>
      Float32Array.from(normals(deriveKey(key, stream, i, ...path), horizon), (z) => unit * (1 + z));
    const missing = normals(deriveKey(key, stream, i, 'missing'), horizon);
    const spread = normals(deriveKey(key, stream, i, 'spread'), 1)[0]! ** 2;
    const prediction = draw('prediction');
    return {
      channel: i % 3,
      prediction,
      target: draw('target').map((y, step) => (missing[step]! > 1.28 ? Number.NaN : y)),
      scale: 2 * unit,
      maseScale: unit,
      quantiles: Float32Array.from(
        levels.flatMap((level) => [...prediction.map((f) => f + unit * spread * (level - 0.5))]),
      ),
    };
  });
}

function score(all: readonly ForecastWindow[]) {
  const accumulator = createForecastAccumulator({ horizon, channels: 3, quantileLevels: levels });
  for (const window of all) accumulator.add(window);
  return accumulator.result();
}

/** Every number of a result, by path. */
function numbers(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  return Object.entries(value as object).flatMap(([name, inner]) => numbers(inner, `${path}.${name}`));
}

describe('createForecastAccumulator', () => {
  it('gives what the plain functions give on all points at once', () => {
    const all = windows(50, 'plain').filter(({ channel }) => channel === 1);
    const { perChannel, ...scores } = score(all);
    const f = all.flatMap(({ prediction }) => [...prediction]);
    const y = all.flatMap(({ target }) => [...target]);
    const scaled = (values: readonly number[]) => values.map((value) => value / all[0]!.scale);
    expect(scores.points).toBe(y.filter((value) => !Number.isNaN(value)).length);
    expect(scores.windows).toBe(all.length);
    expect(scores.mse).toBeCloseTo(meanSquaredError(scaled(f), scaled(y)), 10);
    expect(scores.rmse ** 2).toBeCloseTo(scores.mse, 10);
    expect(scores.mae).toBeCloseTo(meanAbsoluteError(scaled(f), scaled(y)), 10);
    expect(scores.original.mae).toBeCloseTo(meanAbsoluteError(f, y), 6);
    expect(scores.smape).toBeCloseTo(symmetricMeanAbsolutePercentageError(f, y), 9);
    const bounds = [0, 4].map((q) =>
      all.flatMap(({ quantiles }) => [...quantiles!.subarray(q * horizon, (q + 1) * horizon)]),
    );
    expect(scores.coverage.map(({ level }) => level)).toEqual([0.4, 0.8]);
    expect(scores.coverage[1]!.share).toBeCloseTo(intervalCoverage(bounds[0]!, bounds[1]!, y), 12);
    expect(scores.quantileCrossings).toBe(0);
    expect(perChannel).toEqual([{ channel: 1, ...scores, perStep: undefined }].map(withoutSteps));
  });

  it('does not depend on the order of windows', () => {
    const all = windows(3000, 'order');
    const reference = numbers(score(all));
    for (const stream of ['a', 'b']) {
      const order = permutation(deriveKey(key, 'shuffle', stream), all.length);
      const shuffled = numbers(score(Array.from(order, (i) => all[i]!)));
      reference.forEach(([path, value], i) => {
        expect(shuffled[i]![0]).toBe(path);
        expect(Math.abs(shuffled[i]![1] - value), path).toBeLessThanOrEqual(1e-12 * Math.abs(value));
      });
    }
  });

  it('weighs points, not windows or channels', () => {
    const accumulator = createForecastAccumulator({ horizon: 2, channels: 2 });
    const zero = new Float32Array(2);
    accumulator.add({ channel: 0, prediction: zero, target: Float32Array.of(3, Number.NaN), scale: 1 });
    accumulator.add({ channel: 1, prediction: zero, target: Float32Array.of(0, 0), scale: 1 });
    const { mae, points, perStep, perChannel } = accumulator.result();
    expect([mae, points]).toEqual([1, 3]);
    expect(perStep).toEqual({ mse: [4.5, 0], mae: [1.5, 0] });
    expect(perChannel.map((one) => [one.channel, one.points, one.mae])).toEqual([
      [0, 1, 3],
      [1, 2, 0],
    ]);
  });

  it('changes by units as it should: scaled scores not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), (exponent) => {
        const factor = 2 ** exponent; // exact in float32
        const all = windows(30, 'units');
        const plain = score(all);
        const other = score(
          all.map((window) => ({
            channel: window.channel,
            prediction: window.prediction.map((f) => factor * f),
            target: window.target.map((y) => factor * y),
            scale: factor * window.scale,
            maseScale: factor * window.maseScale!,
            quantiles: window.quantiles!.map((f) => factor * f),
          })),
        );
        expect(other.original.mse).toBe(plain.original.mse * factor ** 2);
        expect({ ...other, original: 0, perChannel: 0 }).toEqual({ ...plain, original: 0, perChannel: 0 });
      }),
      { seed: 3, numRuns: 20 },
    );
  });

  it('MASE: the mean over windows; a flat history or nothing measured does not count', () => {
    const accumulator = createForecastAccumulator({ horizon: 1, channels: 1 });
    const add = (target: number, maseScale?: number) =>
      accumulator.add({
        channel: 0,
        prediction: Float32Array.of(0),
        target: Float32Array.of(target),
        scale: 1,
        maseScale,
      });
    add(5);
    expect(accumulator.result()).not.toHaveProperty('mase');
    add(4, 2);
    add(2, 2);
    add(9, seasonalScale([1, 1, 1]));
    add(9, seasonalScale([]));
    add(Number.NaN, 1);
    expect(accumulator.result()).toMatchObject({ mase: 1.5, maseWindows: 2, windows: 6, points: 5 });
  });

  it('counts points with crossed quantiles', () => {
    const accumulator = createForecastAccumulator({ horizon: 2, channels: 1, quantileLevels: [0.2, 0.8] });
    const target = Float32Array.of(1, Number.NaN);
    accumulator.add({
      channel: 0,
      prediction: target.map(() => 1),
      target,
      scale: 1,
      quantiles: Float32Array.of(2, 2, 0, 0),
    });
    expect(accumulator.result()).toMatchObject({
      quantileCrossings: 1,
      coverage: [{ level: 0.6, share: 0 }],
    });
  });

  it('says NaN, not 0, when nothing was measured', () => {
    const accumulator = createForecastAccumulator({ horizon: 1, channels: 1, quantileLevels: [0.5] });
    expect(accumulator.result()).toMatchObject({ points: 0, mse: Number.NaN, perChannel: [], coverage: [] });
    accumulator.add({
      channel: 0,
      prediction: Float32Array.of(Number.NaN),
      target: Float32Array.of(Number.NaN),
      scale: 1,
      quantiles: Float32Array.of(Number.NaN),
    });
    expect(accumulator.result()).toMatchObject({ windows: 1, points: 0, mae: Number.NaN });
    expect(accumulator.result()).not.toHaveProperty('wql');
  });

  const good: ForecastWindow = {
    channel: 0,
    prediction: Float32Array.of(1, 2),
    target: Float32Array.of(1, Number.NaN),
    scale: 1,
    quantiles: Float32Array.of(1, 2),
  };
  it.each<[Partial<ForecastWindow>, string, RegExp]>([
    [{ channel: 2 }, 'bad-window', /channel is 2; there are 2/],
    [{ channel: 0.5 }, 'bad-window', /channel is 0.5/],
    [{ prediction: Float32Array.of(1) }, 'bad-window', /prediction has 1 numbers; expected 2/],
    [{ target: new Float32Array(3) }, 'bad-window', /target has 3 numbers; expected 2/],
    [{ quantiles: undefined }, 'bad-window', /quantiles has 0 numbers; expected 2/],
    [{ scale: 0 }, 'bad-scale', /scale is 0; expected a number above 0/],
    [{ scale: Number.NaN }, 'bad-scale', /scale is NaN/],
    [{ maseScale: -1 }, 'bad-scale', /maseScale is -1/],
    [
      { prediction: Float32Array.of(Number.NaN, 2) },
      'not-finite',
      /channel 0, step 0 has prediction NaN for/,
    ],
    [{ quantiles: Float32Array.of(Number.NEGATIVE_INFINITY, 2) }, 'not-finite', /quantile -Infinity/],
    [{ target: Float32Array.of(1, Number.POSITIVE_INFINITY) }, 'not-finite', /step 1 has prediction 2 for/],
  ])('refuses %j and keeps its sums', (change, code, message) => {
    const accumulator = createForecastAccumulator({ horizon: 2, channels: 2, quantileLevels: [0.5] });
    accumulator.add(good);
    const before = accumulator.result();
    const add = () => accumulator.add({ ...good, ...change });
    expect(add).toThrow(message);
    expect(add).toThrow(expect.objectContaining({ code: `evaluation/${code}` }));
    expect(accumulator.result()).toEqual(before);
  });

  it('refuses quantiles it has no levels for, and levels or sizes that make no sense', () => {
    const plain = createForecastAccumulator({ horizon: 2, channels: 1 });
    expect(() => plain.add(good)).toThrow(/pass quantileLevels/);
    const create = (options: object) => () =>
      createForecastAccumulator({ horizon: 2, channels: 1, ...options });
    expect(create({ horizon: 0 })).toThrow(/horizon is 0/);
    expect(create({ channels: 1.5 })).toThrow(/channels is 1.5/);
    for (const quantileLevels of [[0.5, 0.5], [0.9, 0.1], [0], [1], [Number.NaN]]) {
      expect(create({ quantileLevels })).toThrow(/each above the one before/);
    }
  });

  it('leaves what it is given alone and is not changed by what happens to it later', () => {
    const quantileLevels = [0.5];
    const accumulator = createForecastAccumulator({ horizon: 2, channels: 1, quantileLevels });
    const window = { ...good, prediction: good.prediction.slice() };
    accumulator.add(window);
    const before = accumulator.result();
    expect(window).toEqual(good);
    window.prediction.fill(9);
    quantileLevels[0] = 0.9;
    expect(accumulator.result()).toEqual(before);
  });
});

function withoutSteps<T extends { perStep?: unknown }>({ perStep: _, ...rest }: T) {
  return rest;
}
