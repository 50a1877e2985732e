import { createFrame, type Frame, sliceFrame, stackFrames } from '@patchbert/data';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import { type ForecastConfigInput, loadForecaster } from '../src/index.ts';
import {
  fitTiny,
  HORIZON,
  hours,
  ownScores,
  refusal,
  testBackend,
  withColumns,
} from './support/tiny-forecaster.ts';

const ROWS = 600;

/** Demand that follows the temperature of the same hour, which nobody could guess from the past. */
function driven(rows = ROWS): Frame {
  const key = deriveKey(randomKey(1), 'driven');
  const weather = Float32Array.from(normals(deriveKey(key, 'weather'), rows), (z) => 15 + 8 * z);
  const errors = normals(deriveKey(key, 'noise'), rows);
  const demand = weather.map((value, i) => 100 + 2 * value + errors[i]!);
  return createFrame({
    name: 'driven',
    channels: ['demand', 'weather'],
    columns: [demand, weather],
    times: hours(rows),
  });
}

/** Demand that is high on two days of the week alone; two days of context do not tell the day. */
function weekly(rows = 24 * 7 * 12): Frame {
  const errors = normals(deriveKey(randomKey(2), 'weekly'), rows);
  const times = hours(rows);
  const demand = Float32Array.from(errors, (error, i) => {
    const day = new Date(times[i]!).getUTCDay();
    return 10 + (day === 3 ? 5 : day === 0 ? -5 : 0) + 0.5 * error;
  });
  return createFrame({ name: 'weekly', channels: ['demand'], columns: [demand], times });
}

async function testError(frame: Frame, config: ForecastConfigInput): Promise<number> {
  return ownScores(await fitTiny({ data: { frame }, config }))[0]!.mse;
}

const known = {
  mode: 'univariate',
  target: 'demand',
  covariates: ['weather'],
} satisfies ForecastConfigInput;

describe('covariates known beforehand', () => {
  it('help a series that they drive', async () => {
    const alone = await testError(driven(), { mode: 'univariate', target: 'demand' });
    expect(await testError(driven(), known)).toBeLessThan(alone / 4);
  });

  it('are not predicted', async () => {
    const { receipt } = await fitTiny({ data: { frame: driven() }, config: { covariates: ['weather'] } });
    expect(receipt.roles).toEqual({ trained: ['demand'], scored: ['demand'] });
  });

  it('are needed for the rows to come', async () => {
    const { folder } = await fitTiny({ data: { frame: driven() }, config: known });
    const forecaster = await loadForecaster(folder, await testBackend());
    const past = sliceFrame(driven(), { start: 400, end: 500 });
    const future = (end: number) => sliceFrame(driven(), { start: 500, end });
    const run = forecaster.predict({ frame: past });
    await expect(run).rejects.toMatchObject({ code: 'forecast/future-needed' });
    await expect(run).rejects.toThrow(`the next ${HORIZON} rows of weather`);
    await expect(forecaster.predict({ frame: past }, { future: future(503) })).rejects.toThrow('there are 3');
    const without = createFrame({ name: 'x', channels: ['wind'], columns: [new Float32Array(HORIZON)] });
    await expect(forecaster.predict({ frame: past }, { future: without })).rejects.toMatchObject({
      code: 'data/unknown-channel',
    });

    const [forecast] = await forecaster.predict({ frame: past }, { future: future(500 + HORIZON) });
    const truth = driven().columns[0]!.subarray(500, 500 + HORIZON);
    forecast!.mean[0]!.forEach((value, h) => {
      expect(Math.abs(value - truth[h]!)).toBeLessThan(15);
    });
    const warmer = withColumns(future(508), (column, c) =>
      c === 1 ? column.map((value) => value + 8) : column,
    );
    const [other] = await forecaster.predict({ frame: past }, { future: warmer });
    expect(other!.mean[0]!.every((value, h) => value > forecast!.mean[0]![h]! + 8)).toBe(true);
  });

  it('must be those of the next rows, by their times', async () => {
    const { folder } = await fitTiny({ data: { frame: driven() }, config: known });
    const forecaster = await loadForecaster(folder, await testBackend());
    const past = sliceFrame(driven(), { start: 400, end: 500 });
    const next = sliceFrame(driven(), { start: 500, end: 500 + HORIZON });
    const dated = (change: (time: number, row: number) => number) =>
      forecaster.predict(
        { frame: past },
        { future: createFrame({ ...next, times: next.times!.map((time, row) => change(time, row)) }) },
      );
    const month = 31 * 86_400_000;
    const later = await refusal(dated((time) => time + month));
    expect(later).toMatchObject({ code: 'forecast/future-times' });
    expect(later.message).toContain('row 0');
    const gap = await refusal(dated((time, row) => time + (row < 3 ? 0 : 3_600_000)));
    expect(gap).toMatchObject({ code: 'forecast/future-times' });
    expect(gap.message).toContain('row 3');

    const { times: _times, ...undated } = next;
    const [without] = await forecaster.predict({ frame: past }, { future: createFrame(undated) });
    const [own] = await forecaster.predict({ frame: past }, { future: next });
    expect(without!.mean).toEqual(own!.mean);
  });

  it('are needed for the whole fitted horizon, and the refusal says why', async () => {
    const { folder } = await fitTiny({ data: { frame: driven() }, config: known });
    const forecaster = await loadForecaster(folder, await testBackend());
    const past = sliceFrame(driven(), { start: 400, end: 500 });
    const future = sliceFrame(driven(), { start: 500, end: 503 });
    const error = await refusal(forecaster.predict({ frame: past }, { horizon: 3, future }));
    expect(error.message).toContain('even when fewer are asked for');
  });

  it('of many recordings cannot be given', async () => {
    const frames = [0, 1].map((i) => createFrame({ ...driven(), name: `place ${i}` }));
    const panel = stackFrames(frames, { name: 'places' });
    const { folder } = await fitTiny({ data: panel, config: known });
    const forecaster = await loadForecaster(folder, await testBackend());
    const run = forecaster.predict(panel, { future: driven() });
    await expect(run).rejects.toThrow('predict one at a time');
  });

  it('may have gaps, and the test rows do not set their scale', async () => {
    const gappy = withColumns(driven(), (column, c) =>
      c === 1 ? column.map((value, i) => (i % 11 === 0 ? Number.NaN : value)) : column,
    );
    expect(await testError(gappy, known)).toBeLessThan(1);
    const wild = withColumns(driven(), (column, c) => (c === 1 ? column.fill(1e4, 480) : column));
    const plans = await Promise.all(
      [driven(), wild].map(async (frame) => {
        const { folder } = await fitTiny({ data: { frame }, config: known });
        return (await loadForecaster(folder, await testBackend())).file.exogenous;
      }),
    );
    expect(plans[0]).toEqual(plans[1]);
  });

  it('are opened again as they were fitted', async () => {
    const { folder, results } = await fitTiny({ data: { frame: driven() }, config: known });
    const forecaster = await loadForecaster(folder, await testBackend());
    expect((await forecaster.evaluate({ frame: driven() }))[0]!.methods).toEqual(results[0]!.methods);
  });

  it.each(['linear-probe', 'fine-tune'] as const)('reach the head of %s', async (adapt) => {
    const training = { steps: 60, learningRate: 0.02, headDropout: 0, dropout: 0, validateEvery: 20 };
    const config = { adapt, linearWeight: 0, training } as const;
    const alone = await testError(driven(), { ...config, mode: 'univariate', target: 'demand' });
    expect(await testError(driven(), { ...config, ...known })).toBeLessThan(alone / 1.5);
  });
});

describe('the calendar', () => {
  it('helps a series that follows it', async () => {
    const plain = await testError(weekly(), {});
    expect(await testError(weekly(), { calendar: true })).toBeLessThan(0.9 * plain);
  });

  it('goes on after the end of the data', async () => {
    const { folder } = await fitTiny({ data: { frame: weekly() }, config: { calendar: true } });
    const forecaster = await loadForecaster(folder, await testBackend());
    expect(forecaster.file.exogenous.calendar).toContain('day-of-week');
    // The same values dated two days later: only the calendar can tell them apart.
    const recent = sliceFrame(weekly(), { start: 0, end: 24 * 9 });
    const later = createFrame({ ...recent, times: recent.times!.map((time) => time + 2 * 86_400_000) });
    const [first] = await forecaster.predict({ frame: recent });
    const [second] = await forecaster.predict({ frame: later });
    expect([...first!.mean[0]!]).not.toEqual([...second!.mean[0]!]);
    expect(second!.times![0]! - first!.times![0]!).toBe(2 * 86_400_000);
  });

  it('needs times', async () => {
    const { times: _times, ...parts } = weekly();
    const undated = createFrame(parts);
    const run = fitTiny({ data: { frame: undated }, config: { calendar: true } });
    await expect(run).rejects.toMatchObject({ code: 'forecast/no-times' });
    const { folder } = await fitTiny({ data: { frame: weekly() }, config: { calendar: true } });
    const forecaster = await loadForecaster(folder, await testBackend());
    await expect(forecaster.predict({ frame: undated })).rejects.toMatchObject({ code: 'forecast/no-times' });
  });
});
