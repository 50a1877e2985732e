import { createFrame, type Frame, sliceFrame, stackFrames } from '@patchbert/data';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedForecaster } from '../src/index.ts';
import {
  CONTEXT,
  changedFrom,
  HORIZON,
  largestDifference,
  loadTiny,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

let forecaster: LoadedForecaster;
beforeAll(async () => {
  forecaster = await loadTiny();
});

/** Forecasts of one recording, channel by channel. */
async function predictOne(frame: Frame): Promise<readonly Float32Array[]> {
  const [forecast] = await forecaster.predict({ frame });
  return forecast!.mean;
}

/** The largest difference as a share of the channel's swing, over all channels. */
function relativeDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.max(...a.map((row, c) => largestDifference(row, b[c]!) / 10 ** c));
}

const gap = (frame: Frame, first: number, end: number) =>
  withColumns(frame, (column, c) => (c === 1 ? column.fill(Number.NaN, first, end) : column));

describe('a forecast', () => {
  const recent = waves({ rows: 60, seed: 4 });

  it('comes with channels, times and quantiles that never cross', async () => {
    const [forecast, ...others] = await forecaster.predict({ frame: recent });
    expect(others).toEqual([]);
    expect(forecast).toMatchObject({ id: 'waves', channels: ['load', 'flow', 'heat'] });
    expect(forecast!.mean.map((row) => row.length)).toEqual([HORIZON, HORIZON, HORIZON]);
    expect([...forecast!.times!]).toEqual(
      Array.from({ length: HORIZON }, (_, h) => recent.times![59]! + (h + 1) * 3_600_000),
    );
    const levels = forecast!.quantiles.map(({ level }) => level);
    expect(levels).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    for (let q = 1; q < levels.length; q++) {
      forecast!.quantiles[q]!.columns.forEach((column, c) => {
        const below = forecast!.quantiles[q - 1]!.columns[c]!;
        expect(column.every((value, h) => value >= below[h]!)).toBe(true);
      });
    }
  });

  it('is close to what comes: closer than the mean of the context', async () => {
    const truth = waves({ rows: 60 + HORIZON, seed: 4 });
    const forecast = await predictOne(recent);
    truth.columns.forEach((column, c) => {
      const context = column.subarray(60 - CONTEXT, 60);
      const mean = context.reduce((sum, value) => sum + value, 0) / CONTEXT;
      const after = column.subarray(60);
      const error = (guess: (h: number) => number) =>
        after.reduce((sum, value, h) => sum + (value - guess(h)) ** 2, 0);
      expect(error((h) => forecast[c]![h]!)).toBeLessThan(error(() => mean) / 2);
    });
  });

  it('of a x + b is a times that of x, plus b', async () => {
    const plain = await predictOne(recent);
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        async (a, shift) => {
          const moved = (value: number, c: number) => a * (value + shift * 10 ** c);
          const frame = withColumns(recent, (column, c) => column.map((value) => moved(value, c)));
          const forecast = await predictOne(frame);
          const expected = plain.map((row, c) => row.map((value) => moved(value, c)));
          expect(relativeDifference(forecast, expected) / a).toBeLessThan(1e-4);
        },
      ),
      { seed: 1, numRuns: 12 },
    );
  });

  it('reads the context alone', async () => {
    const plain = await predictOne(recent);
    const older = createFrame({ ...recent, columns: recent.columns });
    const rest = sliceFrame(older, { start: 60 - CONTEXT, end: 60 });
    expect(await predictOne(rest)).toEqual(plain);
    const other = withColumns(recent, (column) => column.fill(-1e6, 0, 60 - CONTEXT));
    expect(await predictOne(other)).toEqual(plain);
  });

  it('is the same in any batch, beside any other recording', async () => {
    const frames = Array.from({ length: 70 }, (_, i) =>
      waves({ name: `place ${i}`, rows: 40 + (i % 7), seed: 100 + i }),
    );
    const panel = stackFrames(frames, { name: 'places' });
    const together = await forecaster.predict(panel);
    expect(together.map(({ id }) => id)).toEqual(frames.map(({ name }) => name));
    for (const i of [0, 1, 33, 69]) {
      expect(relativeDifference(together[i]!.mean, await predictOne(frames[i]!))).toBeLessThan(1e-5);
      expect([...together[i]!.times!][0]).toBe(frames[i]!.times!.at(-1)! + 3_600_000);
    }
    const backwards = await forecaster.predict(stackFrames([...frames].reverse(), { name: 'places' }));
    expect(relativeDifference(backwards.at(-1)!.mean, together[0]!.mean)).toBeLessThan(1e-5);
  });

  it('of whole series does not move when another channel or recording has gaps', async () => {
    const plain = await predictOne(recent);
    const gappy = await predictOne(gap(recent, 40, 47));
    expect(relativeDifference([gappy[0]!, gappy[0]!], [plain[0]!, plain[0]!])).toBeLessThan(1e-5);
    expect(largestDifference(gappy[2]!, plain[2]!) / 100).toBeLessThan(1e-5);
    expect(relativeDifference(gappy, plain)).toBeGreaterThan(1e-3);
  });

  it('is finite for gaps anywhere, and for a context without any value the mean of the rows before', async () => {
    for (const [first, end] of [
      [28, 29],
      [28, 59],
      [59, 60],
      [30, 58],
    ] as const) {
      const forecast = await predictOne(gap(recent, first, end));
      expect(forecast.every((row) => row.every(Number.isFinite))).toBe(true);
    }
    const [empty] = await forecaster.predict({ frame: gap(recent, 60 - CONTEXT, 60) });
    const before = recent.columns[1]!.subarray(0, 60 - CONTEXT);
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
    expect([...empty!.mean[1]!]).toEqual(new Array(HORIZON).fill(Math.fround(mean)));
  });

  it('of an empty context has the size of its own recording, not of another', async () => {
    const north = waves({ name: 'north', rows: 80 });
    const south = withColumns(waves({ name: 'south', rows: 80 }), (column) =>
      column.map((value, i) => (i < 40 ? 1000 * value : Number.NaN)),
    );
    const [, second] = await forecaster.predict(stackFrames([north, south], { name: 'places' }));
    second!.mean.forEach((row, c) => {
      const own = south.columns[c]!.subarray(0, 40).reduce((sum, value) => sum + value / 40, 0);
      for (const value of row) expect(value / own).toBeCloseTo(1, 5);
    });
  });

  it('of a constant series is that constant, in every quantile', async () => {
    const flat = withColumns(recent, (column) => column.fill(1234.5));
    const [forecast] = await forecaster.predict({ frame: flat });
    const columns = [...forecast!.mean, ...forecast!.quantiles.flatMap((quantile) => quantile.columns)];
    expect(columns.every((row) => row.every((value) => value === 1234.5))).toBe(true);
  });

  it('of fewer rows is the beginning of the longer one', async () => {
    const [long] = await forecaster.predict({ frame: recent });
    const [short] = await forecaster.predict({ frame: recent }, { horizon: 3, quantileLevels: [0.5] });
    expect(short!.mean).toEqual(long!.mean.map((row) => row.slice(0, 3)));
    expect(short!.times).toEqual(long!.times!.slice(0, 3));
    expect(short!.quantiles).toEqual([
      { level: 0.5, columns: long!.quantiles[4]!.columns.map((row) => row.slice(0, 3)) },
    ]);
  });

  it('needs no times, and sorts and joins the levels it is asked for', async () => {
    const { times: _times, ...parts } = recent;
    const [forecast] = await forecaster.predict(
      { frame: createFrame(parts) },
      { quantileLevels: [0.95, 0.05, 0.95] },
    );
    expect(forecast!.times).toBeUndefined();
    expect(forecast!.quantiles.map(({ level }) => level)).toEqual([0.05, 0.95]);
    const [dated] = await forecaster.predict({ frame: recent });
    expect(forecast!.mean).toEqual(dated!.mean);
  });

  it('takes channels by name, in any order, and leaves others out', async () => {
    const plain = await predictOne(recent);
    const [load, flow, heat] = recent.columns;
    const frame = createFrame({
      ...recent,
      channels: ['heat', 'extra', 'load', 'flow'],
      columns: [heat!, flow!.map(() => 7), load!, flow!],
    });
    expect(await predictOne(frame)).toEqual(plain);
  });

  it('leaves the data as they were', async () => {
    const copy = recent.columns.map((column) => column.slice());
    await forecaster.predict({ frame: recent });
    expect(recent.columns).toEqual(copy);
  });
});

describe('the forecast of a test window', () => {
  const frame = waves({ rows: 400 });
  const split = {
    train: { start: 0, end: 280 },
    validation: { start: 280, end: 320 },
    test: { start: 320, end: 320 + HORIZON },
  };

  /** Squared error of each step of the one test window, and every other score. */
  async function scores(given: Frame) {
    const [result] = await forecaster.evaluate({ frame: given, split });
    expect(result!.windows).toBe(1);
    return result!.methods.map((method) => method.scores);
  }

  it('does not move when values after it change', async () => {
    const later = changedFrom(frame, 320 + HORIZON, (value) => value + 1e6);
    expect(await scores(later)).toEqual(await scores(frame));
    const missing = changedFrom(frame, 320 + HORIZON, () => Number.NaN);
    const plain = await scores(frame);
    (await scores(missing)).forEach(({ mse }, method) => {
      expect(mse / plain[method]!.mse).toBeCloseTo(1, 5);
    });
  });

  it('does not move when the values it predicts change', async () => {
    // With the targets d deviations up, an error is (y + d - f)^2: the mean of d = 1 and d = -1 less that of d = 0 is 1.
    const shifted = async (shift: number) => {
      const units = forecaster.file.units.scale;
      const moved = withColumns(frame, (column, c) =>
        column.map((value, i) => (i < 320 ? value : value + shift * units[c]!)),
      );
      return (await scores(moved)).map(({ perStep }) => perStep.mse);
    };
    const [minus, none, plus] = [await shifted(-1), await shifted(0), await shifted(1)];
    none.forEach((steps, method) => {
      steps.forEach((error, h) => {
        expect((plus[method]![h]! + minus[method]![h]!) / 2 - error).toBeCloseTo(1, 3);
      });
    });
  });
});

describe('what cannot be predicted is refused', () => {
  const recent = waves({ rows: 60 });
  const refused = (run: Promise<unknown>) =>
    run.then(
      () => undefined,
      (error: { code: string; message: string }) => error,
    );

  it.each([0, -1, 1.5, Number.NaN, HORIZON + 1])('horizon %d', async (horizon) => {
    const error = await refused(forecaster.predict({ frame: recent }, { horizon }));
    expect(error).toMatchObject({ code: 'forecast/bad-horizon' });
    expect(error!.message).toContain(`from 1 to ${HORIZON}`);
  });

  it.each([0, 1, 0.001, Number.NaN])('quantile %d', async (level) => {
    const error = await refused(forecaster.predict({ frame: recent }, { quantileLevels: [level] }));
    expect(error).toMatchObject({ code: 'forecast/no-quantiles' });
    expect(error!.message).toContain('between 0.005 and 0.995');
  });

  it('a recording shorter than the context, by name', async () => {
    const frames = [waves({ name: 'north', rows: 60 }), waves({ name: 'south', rows: CONTEXT - 1 })];
    const error = await refused(forecaster.predict(stackFrames(frames, { name: 'places' })));
    expect(error).toMatchObject({ code: 'forecast/context-too-short' });
    expect(error!.message).toContain(`"south" has ${CONTEXT - 1} rows`);
    expect(error!.message).not.toContain('\n');
  });

  it('a series without any value, by name', async () => {
    const frames = [waves({ name: 'north', rows: 60 }), gap(waves({ name: 'south', rows: 60 }), 0, 60)];
    const error = await refused(forecaster.predict(stackFrames(frames, { name: 'places' })));
    expect(error).toMatchObject({ code: 'forecast/empty-context' });
    expect(error!.message).toContain('"flow" of "south" has no value');
  });

  it('data without a channel it was fitted on', async () => {
    const frame = waves({ rows: 60, channels: ['load', 'flwo', 'heat'] });
    const error = await refused(forecaster.predict({ frame }));
    expect(error).toMatchObject({ code: 'data/unknown-channel' });
    expect(error!.message).toContain('flow');
  });
});
