import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BackendAdapter,
  createFrame,
  type FitEvent,
  type Forecast,
  Forecaster,
  type Frame,
  onnxCpu,
  type Panel,
  PatchBertError,
  pretrain,
  stackFrames,
  tfjsCpu,
} from 'patchbert';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cycle, cycles, small } from './support/series.ts';

let folder = '';
let fitted: Forecaster;
const events: FitEvent[] = [];
const frame = cycle('load', 400);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-test-'));
  fitted = await Forecaster.fit(frame, {
    ...small,
    folder: join(folder, 'fitted'),
    split: { train: 0.6, validation: 0.2 },
    onEvent: (event) => events.push(event),
  });
});
afterAll(async () => {
  await fitted.dispose();
  await rm(folder, { recursive: true });
});

describe('fit', () => {
  test('without a checkpoint says so, pretrains, then fits and scores', () => {
    const types = events.map(({ type }) => type);
    expect(events[0]).toMatchObject({
      type: 'stage',
      text: expect.stringContaining('an encoder is pretrained first on the 240 training rows: context 24'),
    });
    expect(types.lastIndexOf('pretraining')).toBeLessThan(types.indexOf('prepared'));
    expect(fitted.results.map(({ horizon, windows }) => ({ horizon, windows }))).toEqual([
      { horizon: 6, windows: 75 },
    ]);
    expect(fitted.receipt?.encoder?.dataSource).toBe('load');
    const [ours, ...others] = fitted.results[0]!.methods;
    const lastValue = others.find(({ method }) => method === 'last value')!;
    expect(ours!.scores.mse).toBeLessThan(lastValue.scores.mse / 4);
  });

  test('never shows the pretraining a test row', async () => {
    const changed = cycle('load', 400);
    changed.columns[0]!.fill(1e6, 320);
    const again = await Forecaster.fit(changed, { ...small, split: { train: 0.6, validation: 0.2 } });
    const before = await fitted.predict(frame);
    expect((await again.predict(frame)).mean).toEqual(before.mean);
    await again.dispose();
  });

  test('takes an encoder that is pretrained already', async () => {
    const backend = await onnxCpu.create();
    const runFolder = join(folder, 'run');
    await pretrain({
      config: {
        data: { source: 'load' },
        contextLength: 24,
        patchLength: 4,
        model: { preset: 'tiny' },
        steps: 2,
        batchSize: 4,
        validationSeries: 4,
      },
      data: { frame },
      backend,
      runFolder,
    });
    const seen: FitEvent[] = [];
    const forecaster = await Forecaster.fit(frame, {
      horizons: [2, 4],
      checkpoint: runFolder,
      backend,
      onEvent: (event) => seen.push(event),
    });
    expect(forecaster.horizons).toEqual([2, 4]);
    expect(forecaster.file.contextLength).toBe(24);
    expect(seen.some(({ type }) => type === 'pretraining')).toBe(false);
    await forecaster.dispose();
    await backend.dispose();
  });

  test.each([
    ['30 rows, one ahead', 30, 1],
    ['60 rows, six ahead', 60, 6],
    ['5,000 rows, 24 ahead', 5_000, 24],
  ])('chooses a context that fits: %s', async (_name, rows, horizon) => {
    const short = cycle('short', rows);
    const forecaster = await Forecaster.fit(short, { horizon, linearWeight: 1 });
    expect(forecaster.file.contextLength).toBeGreaterThanOrEqual(Math.min(512, rows / 8));
    expect(forecaster.file.contextLength).toBeLessThanOrEqual(512);
    expect((await forecaster.predict(short)).mean[0]).toHaveLength(horizon);
    await forecaster.dispose();
  });
});

describe('the pretraining that comes first', () => {
  test.each([
    ['the recipe of the program from 50,000 training points on', 50_000, '5,000 steps of the small model'],
    ['steps by their number below', 49_000, '980 steps of the tiny model'],
    ['600 steps at least', 700, '600 steps of the tiny model'],
  ])('follows %s', async (_name, points, says) => {
    const rows = Math.round(points / 0.7);
    const said: string[] = [];
    const controller = new AbortController();
    const fit = Forecaster.fit(cycle('load', rows), {
      horizon: 6,
      signal: controller.signal,
      backend: 'tfjs-cpu',
      onEvent(event) {
        if (event.type === 'stage') said.push(event.text);
        controller.abort();
      },
    });
    await expect(fit).rejects.toThrow(code('forecast/interrupted'));
    expect(said[0]).toContain(says);
  });
});

test('irregular time stamps are a warning that says what to do', async () => {
  const { times, ...rest } = frame;
  const late = createFrame({
    ...rest,
    times: times!.map((time, row) => time + (row < 100 ? 0 : 7 * 3_600_000)),
  });
  const warnings = async (data: Frame | Panel) => {
    const messages: string[] = [];
    const forecaster = await Forecaster.fit(data, {
      ...small,
      linearWeight: 1,
      onEvent: (event) => event.type === 'warning' && messages.push(event.message),
    });
    await forecaster.dispose();
    return messages;
  };
  expect(await warnings(late)).toEqual([
    expect.stringMatching(/"load" are irregular: 1 step .* 3600 seconds.*regulariseTimes/),
  ]);
  expect(await warnings(stackFrames([cycle('fine', 300), late], { name: 'two' }))).toHaveLength(1);
  expect(await warnings(frame)).toEqual([]);
});

describe('predict', () => {
  test('of a frame is one forecast, of the rows after its end', async () => {
    const forecast: Forecast = await fitted.predict(frame, { quantiles: [0.9, 0.1] });
    expect(forecast).toMatchObject({ id: 'load', channels: ['load'] });
    expect(forecast.times?.[0]).toBe(Date.UTC(2026, 0, 1) + 400 * 3_600_000);
    expect(forecast.quantiles.map(({ level }) => level)).toEqual([0.1, 0.9]);
    const [low, high] = forecast.quantiles.map(({ columns }) => columns[0]!);
    const truth = cycle('load', 406).columns[0]!.subarray(400);
    forecast.mean[0]!.forEach((value, step) => {
      expect(low![step]!).toBeLessThan(high![step]!);
      expect(Math.abs(value - truth[step]!)).toBeLessThan(4);
    });
  });

  test('takes fewer rows than were fitted, and no more', async () => {
    const whole = await fitted.predict(frame);
    const part = await fitted.predict(frame, { horizon: 2 });
    expect(part.mean[0]).toEqual(whole.mean[0]!.subarray(0, 2));
    await expect(fitted.predict(frame, { horizon: 7 })).rejects.toThrow(code('forecast/bad-horizon'));
    await expect(fitted.predict(cycle('short', 20))).rejects.toThrow(code('forecast/context-too-short'));
  });

  test('of a panel is a list, one forecast per recording', async () => {
    const panel = cycles(400, 250);
    const forecasts: Forecast[] = await fitted.predict(panel);
    expect(forecasts.map(({ id }) => id)).toEqual(['meter 1', 'meter 2']);
    const alone = await fitted.predict(cycle('meter 2', 250, 5));
    forecasts[1]!.mean[0]!.forEach((value, step) => {
      expect(value).toBeCloseTo(alone.mean[0]![step]!, 3);
    });
  });

  test('of a panel of one is a list too', async () => {
    expect(await fitted.predict(cycles(400))).toHaveLength(1);
  });
});

test('a panel is fitted as a whole and scored with the split of its fit', async () => {
  const panel = cycles(300, 200);
  const forecaster = await Forecaster.fit(panel, { ...small, linearWeight: 1 });
  expect(forecaster.receipt?.data.series).toBe(2);
  const [again] = await forecaster.evaluate(panel);
  expect(again!.methods).toEqual(forecaster.results[0]!.methods);
  await forecaster.dispose();
});

describe('evaluate and backtest', () => {
  test('score the data of the fit by the split of the fit', async () => {
    const [again] = await fitted.evaluate(frame);
    expect(again!.methods).toEqual(fitted.results[0]!.methods);
    const [validation] = await fitted.evaluate(frame, { part: 'validation' });
    expect(validation!.methods).not.toEqual(again!.methods);
  });

  test('score other data by shares of their own, or as they are told', async () => {
    const other = cycle('other', 300, 3);
    const [usual] = await fitted.evaluate(other);
    expect(usual!.windows).toBe(60 - 6 + 1);
    const [told] = await fitted.evaluate(other, { split: { train: 0.5, validation: 0.1 } });
    expect(told!.windows).toBe(120 - 6 + 1);
  });

  test('never score rows that were trained on, also when told to', async () => {
    const longer = cycle('load', 500);
    const [appended] = await fitted.evaluate(longer);
    expect(appended!.windows).toBe(180 - 6 + 1);
    const split = { train: 0.3, validation: 0.1 };
    const refused = code('forecast/trained-on-test');
    await expect(fitted.evaluate(frame, { split })).rejects.toThrow(refused);
    await expect(fitted.backtest(longer, { split })).rejects.toThrow(refused);
  });

  test('a backtest rolls over the test rows, and can refit', async () => {
    const fixed = await fitted.backtest(frame, { stride: 20 });
    expect(fixed.windows).toBe(4);
    const refitted = await fitted.backtest(frame, { stride: 20, refitEvery: 2 });
    expect(refitted.windows).toBe(4);
    expect(refitted.methods[0]!.scores.mse).not.toBe(fixed.methods[0]!.scores.mse);
  });
});

describe('save and load', () => {
  test('a copy predicts the same and has every file', async () => {
    const copy = join(folder, 'a', 'copy');
    await fitted.save(copy);
    const kept = readdirSync(fitted.folder).filter((name) => name !== 'checkpoints');
    expect(readdirSync(copy).sort()).toEqual(kept.sort());
    for (const name of kept)
      expect(readFileSync(join(copy, name))).toEqual(readFileSync(join(fitted.folder, name)));
    const loaded = await Forecaster.load(copy);
    expect(await loaded.predict(frame)).toEqual(await fitted.predict(frame));
    expect(sixDigits(loaded.results)).toEqual(sixDigits(fitted.results));
    expect(loaded.receipt).toEqual(fitted.receipt);
    await loaded.dispose();
    expect(existsSync(copy)).toBe(true);
  });

  test('a channel without a test value has no score, neither now nor after loading', async () => {
    const silent = Float32Array.from(frame.columns[0]!).fill(Number.NaN, 320);
    const two = createFrame({
      name: 'two',
      channels: ['load', 'silent'],
      columns: [...frame.columns, silent],
    });
    const target = join(folder, 'silent');
    const forecaster = await Forecaster.fit(two, { ...small, linearWeight: 1, folder: target });
    const loaded = await Forecaster.load(target);
    expect(forecaster.results[0]!.methods[0]!.scores.perChannel[1]!.mse).toBeNaN();
    expect(sixDigits(loaded.results)).toEqual(sixDigits(forecaster.results));
    expect(loaded.results[0]!.methods[0]!.scores.perChannel[1]!.mse).toBeNaN();
    await forecaster.dispose();
    await loaded.dispose();
  });

  test('another backend predicts the same within rounding', async () => {
    const loaded = await Forecaster.load(fitted.folder, { backend: 'tfjs-cpu' });
    const [here, there] = [await fitted.predict(frame), await loaded.predict(frame)];
    here.mean[0]!.forEach((value, step) => {
      expect(there.mean[0]![step]).toBeCloseTo(value, 2);
    });
    await loaded.dispose();
  });

  test('nothing is overwritten, and what was damaged is not copied', async () => {
    await expect(fitted.save(fitted.folder)).rejects.toThrow(code('train/run-folder-not-empty'));
    const copy = join(folder, 'damaged');
    await fitted.save(copy);
    const loaded = await Forecaster.load(copy);
    await writeFile(join(copy, 'horizon-6.safetensors'), 'x');
    const target = join(folder, 'copy-of-damaged');
    await expect(loaded.save(target)).rejects.toThrow(code('patchbert/changed-folder'));
    expect(existsSync(target)).toBe(false);
    await loaded.dispose();
    await expect(Forecaster.load(copy)).rejects.toThrow(code('forecast/bad-forecaster'));
  });

  test('what a link in the folder points to elsewhere is not copied', async () => {
    const handed = join(folder, 'handed-on');
    await fitted.save(handed);
    const secret = join(folder, 'secret');
    await writeFile(secret, 'not for others');
    await rm(join(handed, 'gallery.json'));
    await symlink(secret, join(handed, 'gallery.json'));
    const loaded = await Forecaster.load(handed);
    const target = join(folder, 'handed-on-again');
    await expect(loaded.save(target)).rejects.toThrow(code('train/unsafe-file'));
    expect(existsSync(join(target, 'gallery.json'))).toBe(false);
    await loaded.dispose();
  });

  test('a folder without a forecaster is an error', async () => {
    await expect(Forecaster.load(join(folder, 'none'))).rejects.toThrow(code('forecast/no-forecaster'));
  });
});

describe('dispose', () => {
  test('removes a temporary folder, waits for what runs, and may be called again', async () => {
    const forecaster = await Forecaster.fit(frame, { ...small, linearWeight: 1 });
    expect(existsSync(forecaster.folder)).toBe(true);
    const predicting = forecaster.predict(frame);
    await Promise.all([forecaster.dispose(), forecaster[Symbol.asyncDispose]()]);
    expect((await predicting).mean[0]).toHaveLength(6);
    expect(existsSync(forecaster.folder)).toBe(false);
    await expect(forecaster.predict(frame)).rejects.toThrow(code('patchbert/disposed'));
    await expect(forecaster.save(join(folder, 'late'))).rejects.toThrow(code('patchbert/disposed'));
  });

  test('disposes of a backend it started, and leaves one it was given', async () => {
    let open = 0;
    const counted: BackendAdapter = {
      ...tfjsCpu,
      name: 'counted',
      async create() {
        open++;
        const backend = await tfjsCpu.create();
        return { ...backend, dispose: () => backend.dispose().then(() => void open--) };
      },
    };
    const started = await Forecaster.load(fitted.folder, { backend: counted });
    expect(open).toBe(1);
    await started.dispose();
    expect(open).toBe(0);

    const backend = await counted.create();
    const borrowing = await Forecaster.load(fitted.folder, { backend });
    await borrowing.dispose();
    expect(open).toBe(1);
    await backend.dispose();

    await expect(Forecaster.load(folder, { backend: counted })).rejects.toThrow(PatchBertError);
    expect(open).toBe(0);
  });
});

function code(expected: string) {
  return expect.objectContaining({ code: expected });
}

/** Scores as their file keeps those by step. */
function sixDigits(value: unknown): unknown {
  const rounded = (_: string, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(6)) : one);
  return JSON.parse(JSON.stringify(value, rounded));
}
