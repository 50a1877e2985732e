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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
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

  it('has totals that follow from its steps', () => {
    const share = (weights: readonly number[], values: readonly number[] = []) => {
      const parts = weights.map((weight, step) => (weight > 0 ? weight * values[step]! : 0));
      return sum(parts) / sum(weights);
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 1e6 }), (count, stream) => {
        // Nobody measured step 2; step 4 of every third window is exactly 0.
        const all = windows(count, `steps ${stream}`).map((window, i) => ({
          ...window,
          target: window.target.map((y, step) =>
            step === 2 ? Number.NaN : step === 4 && i % 3 === 0 ? 0 : y,
          ),
        }));
        const { perStep, ...totals } = score(all);
        const { points } = perStep;
        const magnitudes = points.map((_, step) =>
          sum(all.map(({ target }) => (Number.isNaN(target[step]!) ? 0 : Math.abs(target[step]!)))),
        );
        const pairs: [string, number | undefined, number][] = [
          ['points', totals.points, sum(points)],
          ['mse', totals.mse, share(points, perStep.mse)],
          ['mae', totals.mae, share(points, perStep.mae)],
          ['original mse', totals.original.mse, share(points, perStep.original.mse)],
          ['original mae', totals.original.mae, share(points, perStep.original.mae)],
          ['smape', totals.smape, share(points, perStep.smape)],
          ['meanQuantileLoss', totals.meanQuantileLoss, share(points, perStep.meanQuantileLoss)],
          // A step whose y are all 0 has no WQL of its own, but its loss counts in the total.
          magnitudes[4] === 0
            ? ['wql at 0', perStep.wql![4], Number.NaN]
            : ['wql', totals.wql, share(magnitudes, perStep.wql)],
          ...totals.coverage.map((one, i): [string, number, number] => [
            `coverage ${one.level}`,
            one.share,
            share(points, perStep.coverage[i]!.share),
          ]),
        ];
        expect(pairs).toHaveLength(10);
        for (const [name, total, fromSteps] of pairs) {
          if (Number.isNaN(fromSteps)) expect(total, name).toBeNaN();
          else expect(Math.abs(total! - fromSteps), name).toBeLessThanOrEqual(1e-12 * Math.abs(total!));
        }
        expect(perStep.coverage.map(({ level }) => level)).toEqual(totals.coverage.map(({ level }) => level));
        expect(points[2]).toBe(0);
        for (const [path, value] of numbers({ ...perStep, points: 0 })) {
          if (path.endsWith('.2')) expect(value, path).toBeNaN();
        }
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('scores a step as an accumulator of that step alone does', () => {
    const all = windows(40, 'alone');
    const { perStep } = score(all);
    for (let step = 0; step < horizon; step++) {
      const alone = createForecastAccumulator({ horizon: 1, channels: 3, quantileLevels: levels });
      for (const window of all) {
        const { prediction, target, quantiles } = window;
        alone.add({
          ...window,
          prediction: prediction.subarray(step, step + 1),
          target: target.subarray(step, step + 1),
          quantiles: quantiles!.filter((_, at) => at % horizon === step),
        });
      }
      const expected = alone.result();
      const found = Object.fromEntries(
        numbers(perStep).flatMap(([path, value]) =>
          path.endsWith(`.${step}`) ? [[path.slice(1, -`.${step}`.length), value]] : [],
        ),
      );
      expect(found.points).toBe(expected.points);
      for (const name of ['mse', 'mae', 'smape', 'meanQuantileLoss', 'wql'] as const) {
        expect(found[name]! / expected[name]!).toBeCloseTo(1, 12);
      }
      expect(found['original.mse']! / expected.original.mse).toBeCloseTo(1, 12);
      expect(found['original.mae']! / expected.original.mae).toBeCloseTo(1, 12);
      expect(perStep.coverage.map(({ level, share }) => ({ level, share: share[step]! }))).toEqual(
        expected.coverage,
      );
    }
  });

  it('has no scores of quantiles by step without quantiles', () => {
    const accumulator = createForecastAccumulator({ horizon, channels: 3 });
    for (const { quantiles: _, ...window } of windows(5, 'none')) accumulator.add(window);
    const { perStep } = accumulator.result();
    expect(Object.keys(perStep)).toEqual(['points', 'mse', 'mae', 'original', 'smape', 'coverage']);
    expect(perStep.coverage).toEqual([]);
  });

  it('weighs points, not windows or channels', () => {
    const accumulator = createForecastAccumulator({ horizon: 2, channels: 2 });
    const zero = new Float32Array(2);
    accumulator.add({ channel: 0, prediction: zero, target: Float32Array.of(3, Number.NaN), scale: 1 });
    accumulator.add({ channel: 1, prediction: zero, target: Float32Array.of(0, 0), scale: 1 });
    const { mae, points, perStep, perChannel } = accumulator.result();
    expect([mae, points]).toEqual([1, 3]);
    expect(perStep).toEqual({
      points: [2, 1],
      mse: [4.5, 0],
      mae: [1.5, 0],
      original: { mse: [4.5, 0], mae: [1.5, 0] },
      smape: [100, 0],
      coverage: [],
    });
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
        const scaled = (scores: typeof plain) => {
          const perStep = { ...scores.perStep, original: 0 };
          return { ...scores, original: 0, perChannel: 0, perStep };
        };
        expect(scaled(other)).toEqual(scaled(plain));
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
