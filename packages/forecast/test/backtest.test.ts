import { stackFrames } from '@patchbert/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LoadedForecaster, loadForecaster } from '../src/index.ts';
import {
  CONTEXT,
  changedFrom,
  fitTiny,
  HORIZON,
  loadTiny,
  ownScores,
  refusal,
  testBackend,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

const frame = waves();

let forecaster: LoadedForecaster;
beforeAll(async () => {
  forecaster = await loadTiny({ config: { horizons: [HORIZON, 16] } });
});

/** The forecaster's own squared error of each step of the horizon. */
const steps = (result: Awaited<ReturnType<LoadedForecaster['backtest']>>) =>
  result.methods[0]!.scores.perStep.mse;

describe('a backtest', () => {
  it('at every row is the evaluation', async () => {
    const [evaluated] = await forecaster.evaluate({ frame }, { horizon: HORIZON });
    const rolled = await forecaster.backtest({ frame }, { stride: 1 });
    expect(rolled.windows).toBe(evaluated!.windows);
    const scores = ownScores({ results: [evaluated!, rolled] });
    expect(scores[1]!.mse / scores[0]!.mse).toBeCloseTo(1, 6);
    expect(scores[1]!.wql! / scores[0]!.wql!).toBeCloseTo(1, 6);
  });

  it('goes from horizon to horizon by itself, or by a stride', async () => {
    const done: number[] = [];
    const whole = await forecaster.backtest({ frame }, { onProgress: (round) => done.push(round) });
    expect(whole).toMatchObject({ horizon: HORIZON, windows: 10, part: 'test', seasonalPeriod: 24 });
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((await forecaster.backtest({ frame }, { stride: 24 })).windows).toBe(4);
    expect((await forecaster.backtest({ frame }, { horizon: 16, stride: 20 })).windows).toBe(4);
  });

  it('of a panel rolls over every recording', async () => {
    const frames = [300, 200].map((rows, i) => waves({ name: `place ${i}`, rows, seed: i }));
    const panel = stackFrames(frames, { name: 'places' });
    const { folder } = await fitTiny({ data: panel });
    const opened = await loadForecaster(folder, await testBackend());
    const scores = await opened.backtest(panel, { stride: 10, refitEvery: 2 });
    expect(scores.windows).toBe(6 + 4);
  });

  it('refitted scores at least as well where the series changes its ways', async () => {
    // From the test rows on, what came as a wave of a day comes as one of 15 hours.
    const changed = withColumns(frame, (column, c) =>
      column.map((value, i) => (i < 290 ? value : 10 ** c * (5 + 2 * Math.sin((2 * Math.PI * i) / 15 + c)))),
    );
    const never = await forecaster.backtest({ frame: changed });
    const often = await forecaster.backtest({ frame: changed }, { refitEvery: 1 });
    expect(often.windows).toBe(never.windows);
    const [before, after] = ownScores({ results: [never, often] });
    expect(after!.mse).toBeLessThan(before!.mse);
  });

  it('fits on rows before the origin alone: later rows do not move a forecast', async () => {
    // Two origins, 320 and 360; the forecasts of the first may not see a row from 320 + horizon on, nor its own targets.
    const split = {
      train: { start: 0, end: 280 },
      validation: { start: 280, end: 320 },
      test: { start: 320, end: 320 + HORIZON },
    };
    const first = { split, frame };
    const plain = await forecaster.backtest(first, { refitEvery: 1 });
    expect(plain.windows).toBe(1);
    const later = changedFrom(frame, 320 + HORIZON, (value) => 50 * value);
    expect(steps(await forecaster.backtest({ split, frame: later }, { refitEvery: 1 }))).toEqual(
      steps(plain),
    );

    // A shift of the targets themselves moves each error by what it moved, not the forecast: (y + d - f)^2.
    const one = (shift: number) =>
      withColumns(frame, (column, c) =>
        column.map((value, i) => (i < 320 ? value : value + shift * forecaster.file.units.scale[c]!)),
      );
    const errors = async (shift: number) =>
      steps(await forecaster.backtest({ split, frame: one(shift) }, { refitEvery: 1 }));
    const [minus, none, plus] = [await errors(-1), await errors(0), await errors(1)];
    none.forEach((error, h) => {
      expect((plus[h]! + minus[h]!) / 2 - error).toBeCloseTo(1, 3);
    });
  });

  it('scores in the units of the training rows, refitted or not', async () => {
    const { mse, original } = ownScores({
      results: [await forecaster.backtest({ frame }, { refitEvery: 3 })],
    })[0]!;
    expect(mse).toBeLessThan(1);
    expect(original.mse).toBeGreaterThan(mse);
  });

  it('of a linear forecaster can be refitted too', async () => {
    const linear = await loadTiny({ config: { linearWeight: 1 } });
    const result = await linear.backtest({ frame }, { refitEvery: 4 });
    expect(result.methods[0]!.method).toBe('linear ridge');
    expect(result.windows).toBe(10);
  });

  it('refuses to refit what was trained by gradient', async () => {
    const training = { steps: 2, validateEvery: 2 };
    const trained = await loadTiny({ config: { adapt: 'linear-probe', training } });
    expect((await trained.backtest({ frame })).windows).toBe(10);
    const error = await refusal(trained.backtest({ frame }, { refitEvery: 2 }));
    expect(error).toMatchObject({ code: 'forecast/cannot-refit' });
    expect(error.message).toContain('linear-probe');
  });

  it('refuses horizons, strides and rows that do not fit', async () => {
    expect(await refusal(forecaster.backtest({ frame }, { horizon: 4 }))).toMatchObject({
      code: 'forecast/bad-horizon',
    });
    for (const options of [{ stride: 0 }, { stride: 1.5 }, { refitEvery: 0 }]) {
      expect(await refusal(forecaster.backtest({ frame }, options))).toMatchObject({
        code: 'evaluation/bad-option',
      });
    }
    const short = await refusal(forecaster.backtest({ frame: waves({ rows: CONTEXT + 4 }) }));
    expect(short).toMatchObject({ code: 'data/too-few-rows' });
  });

  it('names the recording that is too short', async () => {
    const frames = [waves({ name: 'north' }), waves({ name: 'south', rows: 30 })];
    const error = await refusal(forecaster.backtest(stackFrames(frames, { name: 'places' })));
    expect(error).toMatchObject({ code: 'data/too-few-rows' });
    expect(error.message).toContain('"south"');
    expect(error.message).not.toContain('north');
  });

  it('without a measured target is refused, by any kind of forecaster', async () => {
    const silent = changedFrom(frame, 320, () => Number.NaN);
    for (const one of [forecaster, await loadTiny({ config: { linearWeight: 1 } })]) {
      const error = await refusal(one.backtest({ frame: silent }));
      expect(error).toMatchObject({ code: 'forecast/nothing-to-score' });
      expect(error.message).toContain('test rows hold no value of load, flow, heat');
    }
  });
});
