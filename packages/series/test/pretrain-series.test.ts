import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onnxCpu } from '@patchbert/backend-onnx';
import { createSeriesSet } from '@patchbert/data';
import {
  type PretrainSeriesResult,
  readSeriesCheckpoint,
  readSeriesRunConfig,
  type SeriesRunEvent,
  type SeriesRunReceipt,
  seriesFingerprint,
  summariseSeriesRun,
} from '@patchbert/series';
import { describe, expect, test } from 'vitest';
import {
  readJsonFile,
  temporaryFolder,
  tinyConfig,
  tinyModel,
  tinyRun,
  traces,
} from './support/tiny-series-run.ts';
import { waves } from './support/waves.ts';

describe('a run', () => {
  test('leaves a folder that says everything, and an encoder to read with', async () => {
    const events: SeriesRunEvent[] = [];
    const result = await tinyRun({ onEvent: (event) => events.push(event), licence: 'CC0', command: 'x' });
    expect(readdirSync(result.folder).sort()).toEqual([
      'checkpoints',
      'config.json',
      'environment.json',
      'evaluation.json',
      'gallery.json',
      'metrics.jsonl',
      'receipt.json',
    ]);
    expect(events[0]).toMatchObject({
      type: 'prepared',
      series: 12,
      trainSeries: 12,
      heldOutSeries: 0,
      patchCount: 5,
      steps: 6,
    });
    const steps = (type: string) =>
      events.flatMap((event) => (event.type === type && 'step' in event ? [event.step] : []));
    expect([steps('step'), steps('validation'), steps('checkpoint')]).toEqual([
      [1, 2, 3, 4, 5, 6],
      [2, 4, 6],
      [3, 6],
    ]);
    const receipt = readJsonFile<SeriesRunReceipt>(result.folder, 'receipt.json');
    expect(receipt).toMatchObject({
      status: 'finished',
      command: 'x',
      data: { series: 12, points: 240, labels: 'never read', licence: 'CC0' },
      split: { scored: 'training', scoredSeries: 12 },
    });
    const { inputs, dataFingerprint } = await readSeriesCheckpoint(result.folder);
    expect(inputs.model).toMatchObject(tinyModel);
    expect(dataFingerprint).toBe(receipt.data.fingerprint);
    const stored = await readSeriesRunConfig(result.folder);
    expect(stored.model).toEqual(inputs.model);
    const summary = await summariseSeriesRun(result.folder);
    expect(summary.errors.map(({ method }) => method)).toEqual([
      'model',
      'linear interpolation',
      'last value',
      'window mean',
    ]);
    expect(summary.training).toHaveLength(6);
    const [first] = summary.gallery;
    const drawn = first!.masked.map((hidden, i) => hidden === (first!.reconstruction[i] !== null));
    expect(drawn).toEqual(Array.from({ length: 20 }, () => true));
    const wave = waves({ series: 12, channels: 2, length: 20 }).series[2]!.values[0]!;
    first!.truth.forEach((value, i) => {
      expect(value).toBeCloseTo(wave[i]!, 5);
    });
  });

  test('learns to fill in better than the baselines', async () => {
    const { evaluation } = await tinyRun({
      series: waves({ series: 60, channels: 2, length: 20 }),
      config: {
        data: { source: 'waves' },
        model: { ...tinyModel, width: 16, feedForwardWidth: 32 },
        pretraining: {
          training: { steps: 120, batchSize: 16, learningRate: 1e-2, weightDecay: 0 },
          augmentation: { timeWarp: false, jitter: 0, scale: 0, crop: 0, dropChannels: 0 },
          losses: { reconstruction: 1, instanceContrast: 0 },
          maskRatio: 0.3,
          keptTokens: 1,
        },
        validateEvery: 120,
      },
    });
    expect(evaluation).toMatchObject({ split: 'held-out', series: 6 });
    const [model, ...others] = evaluation!.errors.map(({ maskedError }) => maskedError);
    expect(model).toBeLessThan(Math.min(...others));
  });

  test('does not look at labels', async () => {
    const [plain, labelled] = await Promise.all(
      [false, true].map((isLabelled) =>
        tinyRun({ series: waves({ series: 12, channels: 2, length: 20, labelled: isLabelled }) }),
      ),
    );
    expect(await traces(labelled!)).toEqual(await traces(plain!));
  });

  test('by contrast alone has nothing to fill in', async () => {
    const losses = { reconstruction: 0, spectrum: 0, instanceContrast: 1, hierarchicalContrast: 0 };
    const config = { ...tinyConfig, pretraining: { ...tinyConfig.pretraining, losses } };
    const { evaluation, folder } = await tinyRun({ config });
    expect(evaluation).toBeUndefined();
    expect((await summariseSeriesRun(folder)).errors).toEqual([]);
  });

  test.each([
    ['windows that overlap', { source: 'x', window: 20, stride: 8 }, 52, 6],
    ['windows that touch', { source: 'x', window: 20 }, 54, 6],
    ['series', { source: 'x' }, 54, 6],
  ])('holds out %s without reading their points', async (_, data, trainSeries, heldOutSeries) => {
    const { folder } = await tinyRun({
      series: waves({ series: 60, channels: 1, length: 20 }),
      config: { ...tinyConfig, data },
    });
    const { split } = readJsonFile<SeriesRunReceipt>(folder, 'receipt.json');
    expect(split).toMatchObject({ trainSeries, heldOutSeries, scored: 'held-out' });
    expect(split.heldOut).toHaveLength(6);
    if ('window' in data) expect(split.heldOut).toEqual([54, 55, 56, 57, 58, 59]);
  });

  test('changes with the seed and the series', async () => {
    const weights = async (result: Promise<PretrainSeriesResult>) => (await traces(await result)).model;
    const first = await weights(tinyRun());
    expect(await weights(tinyRun())).toEqual(first);
    expect(await weights(tinyRun({ config: { ...tinyConfig, seed: 1 } }))).not.toEqual(first);
  });
});

describe('resume', () => {
  /** Dropout, both parts of the loss, and weights averaged over the last half. */
  const twenty = {
    ...tinyConfig,
    pretraining: { ...tinyConfig.pretraining, training: { ...tinyConfig.pretraining.training, steps: 20 } },
    validateEvery: 8,
    checkpointEvery: 7,
  } as const;

  test('after every one of 20 steps equals the uninterrupted run, bit for bit', async () => {
    const whole = await traces(await tinyRun({ config: twenty }));
    const folder = temporaryFolder();
    await tinyRun({ config: twenty, folder, stopAfter: 0 });
    for (let step = 1; step <= 20; step++) {
      const part = await tinyRun({ folder, resume: true, stopAfter: step });
      expect(part).toMatchObject({ status: step < 20 ? 'interrupted' : 'finished', step });
    }
    expect(await traces(await tinyRun({ folder, resume: true }))).toEqual(whole);
  });

  test('after dying, unsaved, behind every one of 20 steps equals the uninterrupted run', async () => {
    const whole = await traces(await tinyRun({ config: twenty }));
    const folder = temporaryFolder();
    for (let last = 1; last <= 20; last++) {
      const onEvent = (event: SeriesRunEvent) => {
        if (event.type === 'step' && event.step === last) throw new RangeError('power cut');
      };
      const given = last === 1 ? { config: twenty } : { resume: true };
      await expect(tinyRun({ ...given, folder, onEvent })).rejects.toThrow('power cut');
    }
    expect(await traces(await tinyRun({ folder, resume: true }))).toEqual(whole);
  });

  test('on ONNX Runtime is as exact, with every part of the loss', async () => {
    const backend = await onnxCpu.create();
    const losses = { reconstruction: 1, spectrum: 0.2, instanceContrast: 0.5, hierarchicalContrast: 0.3 };
    const config = { ...tinyConfig, pretraining: { ...tinyConfig.pretraining, losses } };
    const whole = await traces(await tinyRun({ backend, config }));
    const folder = temporaryFolder();
    await tinyRun({ backend, config, folder, stopAfter: 4 });
    expect(await traces(await tinyRun({ backend, folder, resume: true }))).toEqual(whole);
    await backend.dispose();
  });

  test('after several signals equals the uninterrupted run, and the receipt tells of them', async () => {
    const whole = await traces(await tinyRun());
    const folder = temporaryFolder();
    const interruptedAt = async (step: number, resume: boolean) => {
      const controller = new AbortController();
      const onEvent = (event: SeriesRunEvent) => {
        if (event.type === 'step' && event.step === step) controller.abort();
      };
      return tinyRun({ folder, resume, onEvent, signal: controller.signal });
    };
    expect(await interruptedAt(1, false)).toMatchObject({ status: 'interrupted', step: 1 });
    await expect(summariseSeriesRun(folder)).rejects.toMatchObject({ code: 'train/bad-run-folder' });
    expect(await interruptedAt(4, true)).toMatchObject({ status: 'interrupted', step: 4 });
    expect(await traces(await tinyRun({ folder, resume: true }))).toEqual(whole);
    const { sessions } = readJsonFile<SeriesRunReceipt>(folder, 'receipt.json');
    expect(sessions.map(({ firstStep, lastStep }) => [firstStep, lastStep])).toEqual([
      [1, 1],
      [2, 4],
      [5, 6],
    ]);
  });

  test('passes over a damaged newest checkpoint, says so, and still ends with the same bits', async () => {
    const whole = await traces(await tinyRun());
    const folder = temporaryFolder();
    const part = await tinyRun({ folder, stopAfter: 5 });
    const model = join(part.checkpoint, 'model.safetensors');
    const bytes = readFileSync(model);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(model, bytes);
    const events: SeriesRunEvent[] = [];
    const result = await tinyRun({ folder, resume: true, onEvent: (event) => events.push(event) });
    expect(events[0]).toMatchObject({
      type: 'warning',
      message: expect.stringContaining('step-00000005'),
    });
    expect(await traces(result)).toEqual(whole);
  });

  test('refuses another configuration, naming the difference, and other series', async () => {
    const folder = temporaryFolder();
    await tinyRun({ folder, stopAfter: 2 });
    const resume = (options: object) => tinyRun({ folder, resume: true, ...options });
    const model = { ...tinyConfig.model, width: 16 };
    await expect(resume({ config: { ...tinyConfig, model } })).rejects.toMatchObject({
      code: 'train/resume-mismatch',
      message: expect.stringContaining('model.width: 8 in the run, 16 now'),
    });
    const { channels, series, name } = waves({ series: 12, channels: 2, length: 20 });
    const changed = series.map(({ id, values }, s) => ({
      id,
      values: s === 3 ? [values[0]!.with(2, 5), values[1]!] : values,
    }));
    const other = createSeriesSet({ name, channels, series: changed });
    expect(seriesFingerprint(other)).not.toBe(
      readJsonFile<SeriesRunReceipt>(folder, 'receipt.json').data.fingerprint,
    );
    await expect(resume({ series: other })).rejects.toMatchObject({ code: 'train/resume-mismatch' });
    expect((await resume({ config: { ...tinyConfig, checkpointEvery: 1 } })).status).toBe('finished');
  });

  test('refuses a folder without a run, or with one of another kind', async () => {
    const folder = temporaryFolder();
    await expect(tinyRun({ folder, resume: true })).rejects.toMatchObject({ code: 'train/no-run' });
    const { folder: done } = await tinyRun({ stopAfter: 0 });
    writeFileSync(join(done, 'config.json'), '{"data":{"source":"load.csv"},"contextLength":96}');
    await expect(tinyRun({ folder: done, resume: true })).rejects.toMatchObject({
      code: 'series/other-run',
    });
  });
});

test('a run that cannot begin leaves no folder', async () => {
  const folder = temporaryFolder();
  const config = { ...tinyConfig, model: { ...tinyConfig.model, patchLength: 50 } };
  await expect(tinyRun({ folder, config })).rejects.toThrow('patches of 50 points do not fit');
  await expect(
    tinyRun({ folder, config: { ...tinyConfig, data: { source: 'x', stride: 3 } } }),
  ).rejects.toThrow('expected a window too');
  expect(() => readdirSync(folder)).toThrow('ENOENT');
});
