import { createFrame, type Frame, sliceFrame, stackFrames } from '@patchbert/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FitForecasterResult, type LoadedForecaster, loadForecaster } from '../src/index.ts';
import {
  CONTEXT,
  editForecaster,
  fitTiny,
  HORIZON,
  largestDifference,
  loadTiny,
  ownScores,
  testBackend,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

const frame = waves();
/** 70 / 10 / 20 % of 400 rows. */
const TEST = { start: 320, end: 400 };

/** Scaled and original errors of a forecaster on every test window, made one window at a time through `predict`. */
async function directErrors(forecaster: LoadedForecaster, data: Frame, horizon: number) {
  const { scale } = forecaster.file.units;
  let [squared, absolute, points, original] = [0, 0, 0, 0];
  for (let origin = TEST.start; origin + horizon <= TEST.end; origin++) {
    const context = sliceFrame(data, { start: origin - CONTEXT, end: origin });
    const [forecast] = await forecaster.predict({ frame: context }, { horizon });
    forecast!.mean.forEach((row, c) => {
      row.forEach((value, h) => {
        const truth = data.columns[c]![origin + h]!;
        if (Number.isNaN(truth)) return;
        squared += ((value - truth) / scale[c]!) ** 2;
        absolute += Math.abs(value - truth) / scale[c]!;
        original += (value - truth) ** 2;
        points++;
      });
    });
  }
  return { mse: squared / points, mae: absolute / points, points, originalMse: original / points };
}

describe('scores on the test rows', () => {
  let fitted: FitForecasterResult;
  let forecaster: LoadedForecaster;
  beforeAll(async () => {
    fitted = await fitTiny({ config: { horizons: [8, 3] } });
    forecaster = await loadForecaster(fitted.folder, await testBackend());
  });

  it('take every window: rows - horizon + 1', () => {
    expect(fitted.results.map(({ horizon, windows, part }) => ({ horizon, windows, part }))).toEqual([
      { horizon: 3, windows: 78, part: 'test' },
      { horizon: 8, windows: 73, part: 'test' },
    ]);
    for (const { horizon, windows, methods } of fitted.results) {
      for (const { scores } of methods) {
        expect(scores.points).toBe(windows * horizon * 3);
        expect(scores.perStep.mse).toHaveLength(horizon);
        expect(scores.perChannel.map(({ channel }) => channel)).toEqual([0, 1, 2]);
      }
    }
    expect(fitted.receipt.windows).toMatchObject([
      { horizon: 3, train: 246, validation: 38, test: 78 },
      { horizon: 8, train: 241, validation: 33, test: 73 },
    ]);
  });

  it('are those of each window predicted by itself', async () => {
    for (const [i, horizon] of [3, 8].entries()) {
      const scores = ownScores(fitted)[i]!;
      const direct = await directErrors(forecaster, frame, horizon);
      expect(scores.points).toBe(direct.points);
      expect(scores.mse / direct.mse).toBeCloseTo(1, 5);
      expect(scores.mae / direct.mae).toBeCloseTo(1, 5);
      expect(scores.original.mse / direct.originalMse).toBeCloseTo(1, 5);
    }
  });

  it('are those the opened folder gives, to the last bit', async () => {
    const again = await forecaster.evaluate({ frame });
    const without = (results: FitForecasterResult['results']) =>
      results.map(({ seconds: _seconds, ...rest }) => rest);
    expect(without(again)).toEqual(without(fitted.results));
    const [one] = await forecaster.evaluate({ frame }, { horizon: 8 });
    expect(one!.methods).toEqual(fitted.results[1]!.methods);
    const [validation] = await forecaster.evaluate({ frame }, { horizon: 8, part: 'validation' });
    expect(validation).toMatchObject({ part: 'validation', windows: 33 });
  });

  it('are better than every baseline on waves, and say so', () => {
    for (const { methods, verdict } of fitted.results) {
      const [ours, ...others] = methods;
      expect(methods.map(({ kind }) => kind)).toEqual([
        'ours',
        'member',
        'member',
        ...methods.slice(3).map(() => 'baseline'),
      ]);
      for (const { kind, scores } of others) {
        if (kind === 'baseline') expect(ours!.scores.mse).toBeLessThan(scores.mse);
      }
      expect(verdict).toMatch(/squared error/i);
    }
  });

  it('find the season in the training rows, and name it', () => {
    expect(fitted.results[0]!.seasonalPeriod).toBe(24);
    expect(fitted.results[0]!.methods.map(({ method }) => method)).toContain('seasonal naive (24)');
  });

  it('do not depend on the batch size', async () => {
    const { folder } = await fitTiny({ config: { horizons: [8, 3] } });
    const scores = async (batchSize: number) => {
      editForecaster(folder, (file) => ({ ...file, config: { ...(file.config as object), batchSize } }));
      const results = await (await loadForecaster(folder, await testBackend())).evaluate({ frame });
      return ownScores({ results }).map(({ mse, mae }) => [mse, mae]);
    };
    const expected = (await scores(512)).flat();
    for (const batchSize of [1, 7, 219]) {
      const found = (await scores(batchSize)).flat();
      expect(Math.max(...found.map((value, i) => Math.abs(value / expected[i]! - 1)))).toBeLessThan(1e-6);
    }
  });

  it('hardly depend on the batch size of the fit', async () => {
    const other = await fitTiny({ config: { horizons: [8, 3], batchSize: 37 } });
    ownScores(other).forEach(({ mse }, i) => {
      expect(Math.abs(mse / ownScores(fitted)[i]!.mse - 1)).toBeLessThan(1e-4);
    });
  });

  it('do not see the test rows in their units', async () => {
    const louder = withColumns(frame, (column) =>
      column.map((value, i) => (i < TEST.start ? value : 10 * value)),
    );
    const other = await fitTiny({ data: { frame: louder } });
    const { units } = (await loadForecaster(other.folder, await testBackend())).file;
    expect(units).toEqual(forecaster.file.units);
    frame.columns.forEach((column, c) => {
      const train = column.subarray(0, 280);
      const mean = train.reduce((sum, value) => sum + value, 0) / 280;
      const variance = train.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 280;
      expect(units.mean[c]! / mean).toBeCloseTo(1, 6);
      expect(units.scale[c]! / Math.sqrt(variance)).toBeCloseTo(1, 6);
    });
  });

  it('refuse a horizon that was not fitted', async () => {
    const run = forecaster.evaluate({ frame }, { horizon: 4 });
    await expect(run).rejects.toMatchObject({ code: 'forecast/bad-horizon' });
    await expect(run).rejects.toThrow('expected one of 3, 8');
  });
});

describe('missing values', () => {
  /** Every seventh value, and a stretch of a day, of two channels. */
  const gappy = withColumns(frame, (column, c) =>
    c === 2 ? column : column.map((value, i) => (i % 7 === c || (i > 350 && i < 374) ? Number.NaN : value)),
  );

  it('as targets are not scored', async () => {
    const { folder, results } = await fitTiny({ data: { frame: gappy } });
    const scores = ownScores({ results })[0]!;
    const forecaster = await loadForecaster(folder, await testBackend());
    const direct = await directErrors(forecaster, gappy, HORIZON);
    expect(direct.points).toBeLessThan(73 * HORIZON * 3);
    expect(scores.points).toBe(direct.points);
    expect(scores.mse / direct.mse).toBeCloseTo(1, 5);
    expect(Number.isFinite(scores.wql)).toBe(true);
  });

  it('change little where they are few', async () => {
    const [whole] = ownScores(await fitTiny({ data: { frame } }));
    const few = withColumns(frame, (column) => column.map((value, i) => (i % 41 === 3 ? Number.NaN : value)));
    const [holed] = ownScores(await fitTiny({ data: { frame: few } }));
    expect(holed!.mse / whole!.mse).toBeLessThan(1.3);
  });

  it('may fill a whole channel of the test rows', async () => {
    const silent = withColumns(frame, (column, c) => (c === 0 ? column.fill(Number.NaN, 300) : column));
    const [scores] = ownScores(await fitTiny({ data: { frame: silent } }));
    expect(scores!.points).toBe(73 * HORIZON * 2);
    expect(Number.isFinite(scores!.mse)).toBe(true);
  });

  it('of a scored channel in all of its training rows are refused by name', async () => {
    const unknown = withColumns(frame, (column, c) => (c === 1 ? column.fill(Number.NaN, 0, 280) : column));
    const run = fitTiny({ data: { frame: unknown } });
    await expect(run).rejects.toMatchObject({ code: 'data/nothing-to-fit' });
    await expect(run).rejects.toThrow('"flow"');
  });
});

describe('panels', () => {
  const lengths = { north: 300, south: 200, west: 260 };
  const frames = Object.entries(lengths).map(([name, rows], seed) => waves({ name, rows, seed }));
  const panel = stackFrames(frames, { name: 'places' });

  it('score every window of every recording, each in its own units', async () => {
    const { results, receipt, folder } = await fitTiny({ data: panel });
    const windows = Object.values(lengths).reduce((sum, rows) => sum + rows / 5 - HORIZON + 1, 0);
    expect(results[0]!.windows).toBe(windows);
    expect(ownScores({ results })[0]!.points).toBe(windows * HORIZON * 3);
    expect(receipt.splits.map(({ id, train }) => [id, train.end - train.start])).toEqual([
      ['north', 210],
      ['south', 140],
      ['west', 182],
    ]);
    const forecaster = await loadForecaster(folder, await testBackend());
    const [again] = await forecaster.evaluate(panel);
    expect(again!.methods).toEqual(results[0]!.methods);
  });

  it('do not mix units: a recording a thousand times louder weighs the same', async () => {
    const louder = frames.map((one, i) =>
      i === 1 ? withColumns(one, (column) => column.map((value) => 1024 * value)) : one,
    );
    const [plain] = ownScores(await fitTiny({ data: panel }));
    const [scaled] = ownScores(await fitTiny({ data: stackFrames(louder, { name: 'places' }) }));
    expect(scaled!.mse / plain!.mse).toBeCloseTo(1, 4);
  });

  it('are refused when a recording is too short, by its name', async () => {
    const short = waves({ name: 'east', rows: 30 });
    const run = fitTiny({ data: stackFrames([...frames, short], { name: 'places' }) });
    await expect(run).rejects.toMatchObject({ code: 'data/too-few-rows' });
    await expect(run).rejects.toThrow('"east"');
  });

  it('are refused with splits for other recordings', async () => {
    const run = fitTiny({ data: { ...panel, splits: [] } });
    await expect(run).rejects.toMatchObject({ code: 'forecast/bad-split' });
  });
});

describe('what is trained and scored', () => {
  it('multivariate: every channel', async () => {
    const { receipt } = await fitTiny();
    expect(receipt.roles).toEqual({ trained: ['load', 'flow', 'heat'], scored: ['load', 'flow', 'heat'] });
  });

  it('a target without a mode: as target-only, and says so', async () => {
    const { receipt, folder, results } = await fitTiny({ config: { target: 'flow' } });
    expect(receipt.roles).toEqual({ trained: ['load', 'flow', 'heat'], scored: ['flow'] });
    const { file } = await loadForecaster(folder, await testBackend());
    expect(file.config.mode).toBe('target-only');
    const named = await fitTiny({ config: { mode: 'target-only', target: 'flow' } });
    expect(results.map(({ methods }) => methods)).toEqual(named.results.map(({ methods }) => methods));
  });

  it('target-only: every channel trains, one is scored and predicted', async () => {
    const forecaster = await loadTiny({ config: { mode: 'target-only', target: 'flow' } });
    const [result] = await forecaster.evaluate({ frame });
    expect(result!.methods[0]!.scores.perChannel.map(({ channel }) => channel)).toEqual([1]);
    expect(result!.methods[0]!.scores.points).toBe(73 * HORIZON);
    const [forecast] = await forecaster.predict({ frame });
    expect(forecast!.channels).toEqual(['flow']);
    expect(forecast!.mean).toHaveLength(1);
  });

  it('univariate: the others change nothing', async () => {
    const config = { mode: 'univariate', target: 'flow' } as const;
    const { results, receipt } = await fitTiny({ config });
    expect(receipt.roles).toEqual({ trained: ['flow'], scored: ['flow'] });
    const others = withColumns(frame, (column, c) => (c === 1 ? column : column.map((value) => value ** 2)));
    expect(ownScores(await fitTiny({ config, data: { frame: others } }))).toEqual(ownScores({ results }));
    const alone = createFrame({ ...frame, channels: ['flow'], columns: [frame.columns[1]!] });
    const [scores] = ownScores(await fitTiny({ config, data: { frame: alone } }));
    expect(scores!.mse).toBe(ownScores({ results })[0]!.mse);
  });

  it('a part of the training windows: the latest ones', async () => {
    const config = { trainFraction: 0.25, mode: 'univariate', target: 'load' } as const;
    const { folder, receipt, results } = await fitTiny({ config });
    expect([receipt.windows[0]!.train, results[0]!.windows]).toEqual([60, 73]);
    const first = 280 - 60 - CONTEXT - HORIZON + 1;
    const forecasts = async (from: string) => {
      const [forecast] = await (await loadForecaster(from, await testBackend())).predict({ frame });
      return forecast!.mean[0]!;
    };
    // Rows before the first window change nothing but the units of the scores.
    const changedBefore = async (row: number) => {
      const changed = withColumns(frame, (column) => column.map((value, i) => (i < row ? 9 - value : value)));
      return forecasts((await fitTiny({ config, data: { frame: changed } })).folder);
    };
    const plain = await forecasts(folder);
    expect(largestDifference(await changedBefore(first), plain)).toBeLessThan(1e-3);
    expect(largestDifference(await changedBefore(first + 40), plain)).toBeGreaterThan(1e-2);
  });

  it('a part of the training windows of every recording of a panel', async () => {
    const frames = [300, 200].map((rows, i) => waves({ name: `place ${i}`, rows, seed: i }));
    const config = { trainFraction: 0.25, mode: 'univariate', target: 'load' } as const;
    const forecast = async (first: Frame) => {
      const panel = stackFrames([first, frames[1]!], { name: 'places' });
      const forecaster = await loadTiny({ config, data: panel });
      const [forecast] = await forecaster.predict({ frame });
      return forecast!.mean[0]!;
    };
    const restless = withColumns(frames[0]!, (column) =>
      column.map((value, i) => (i >= 150 && i < 210 ? 5 + 3 * Math.cos(2 * i) : value)),
    );
    expect(largestDifference(await forecast(restless), await forecast(frames[0]!))).toBeGreaterThan(0.01);
  });
});
