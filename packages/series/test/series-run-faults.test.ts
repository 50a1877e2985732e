import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Backend, type Program, tfjsCpu } from '@patchbert/backend';
import { createSeriesSet } from '@patchbert/data';
import { parseConfig } from '@patchbert/errors';
import { scalarTensor } from '@patchbert/ops';
import {
  prepareSeriesRun,
  type SeriesRunEvent,
  type SeriesRunReceipt,
  seriesRunSchema,
} from '@patchbert/series';
import { loadCheckpoint, saveCheckpoint } from '@patchbert/train';
import { describe, expect, test } from 'vitest';
import { readJsonFile, temporaryFolder, tinyConfig, tinyRun, traces } from './support/tiny-series-run.ts';
import { waves } from './support/waves.ts';

describe('a run that is not the same', () => {
  test('goes on when forced, and everything it leaves says so', async () => {
    const folder = temporaryFolder();
    await tinyRun({ folder, stopAfter: 2 });
    const pretraining = { ...tinyConfig.pretraining, maskRatio: 0.3 };
    const events: SeriesRunEvent[] = [];
    const options = { folder, resume: true, config: { ...tinyConfig, pretraining } };
    await expect(tinyRun(options)).rejects.toMatchObject({ code: 'train/resume-mismatch' });
    await tinyRun({ ...options, force: true, onEvent: (event) => events.push(event) });
    const difference = 'pretraining.maskRatio: 0.5 in the run, 0.3 now';
    expect(events[0]).toMatchObject({ type: 'warning', message: expect.stringContaining(difference) });
    expect(readJsonFile<SeriesRunReceipt>(folder, 'receipt.json')).toMatchObject({
      forced: [{ fromStep: 3, differences: [difference] }],
      bitExact: false,
    });
  });

  test('is one whose config.json was edited, or whose checkpoint another version wrote', async () => {
    const { folder, checkpoint } = await tinyRun({ stopAfter: 2 });
    const path = join(folder, 'config.json');
    const config = readFileSync(path, 'utf8');
    writeFileSync(path, config.replace('"seed": 0', '"seed": 1'));
    await expect(tinyRun({ folder, resume: true })).rejects.toThrow(/seed: 0 in the run, 1 now/);
    writeFileSync(path, config);
    const saved = await loadCheckpoint(checkpoint);
    const facts = { ...saved.facts, patchbert: '0.0.1-other' };
    await saveCheckpoint(join(folder, 'checkpoints'), { ...saved, facts });
    await expect(tinyRun({ folder, resume: true })).rejects.toThrow(/PatchBERT: 0\.0\.1-other in the run/);
  });
});

describe('a run that diverges', () => {
  /** The cpu reference, but the loss is infinite above a learning rate. */
  const fragile = async (highest: number): Promise<Backend> => {
    const backend = await tfjsCpu.create();
    const compile: Backend['compile'] = async (step, signature) => {
      const program = await backend.compile(step, signature);
      const run: Program['run'] = async (batch) => {
        const outputs = await program.run(batch);
        const isTooFast = (batch['optimiser.learningRate']?.data[0] ?? 0) > highest;
        return isTooFast ? { ...outputs, loss: scalarTensor(Number.POSITIVE_INFINITY) } : outputs;
      };
      return { ...program, run, dispose: () => program.dispose() };
    };
    return { ...backend, compile, dispose: () => backend.dispose() };
  };

  test('stops with step, rate and checkpoint, or rolls back to the same bits however often it is interrupted', async () => {
    const training = { steps: 10, batchSize: 4, learningRate: 1e-3, warmup: 0.6, averagedShare: 0.5 };
    const stopping = {
      ...tinyConfig,
      pretraining: { ...tinyConfig.pretraining, training },
      checkpointEvery: 4,
    };
    const backend = await fragile(9.5e-4);
    const stopped = temporaryFolder();
    await expect(tinyRun({ backend, folder: stopped, config: stopping })).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(/the loss is Infinity at step 6 .*step-00000004"/),
    });
    const config = { ...stopping, divergence: { action: 'rollback' } } as const;
    const events: SeriesRunEvent[] = [];
    const whole = await tinyRun({ backend, config, onEvent: (event) => events.push(event) });
    const told = { divergedAt: 6, toStep: 4, rateScale: 0.5 };
    expect(events.filter(({ type }) => type === 'rollback')).toMatchObject([told]);
    expect(readJsonFile<SeriesRunReceipt>(whole.folder, 'receipt.json').rollbacks).toMatchObject([told]);

    const folder = temporaryFolder();
    await tinyRun({ backend, config, folder, stopAfter: 1 });
    let last = whole;
    for (let stopAfter = 2; stopAfter <= 10; stopAfter++) {
      last = await tinyRun({ backend, folder, resume: true, stopAfter });
    }
    expect(await traces(last)).toEqual(await traces(whole));
    await backend.dispose();
  });
});

test('batches of one series train', async () => {
  const pretraining = { ...tinyConfig.pretraining, training: { steps: 3, batchSize: 1 } };
  expect((await tinyRun({ config: { ...tinyConfig, pretraining } })).status).toBe('finished');
});

test('series of 40,000 points are read to their end: no count is a 16-bit number', () => {
  const length = 40_000;
  const set = waves({ series: 2, channels: 1, length });
  const config = parseConfig(seriesRunSchema, { data: { source: 'waves' } }, 'test config');
  const points = (last: number) => {
    const series = set.series.map(({ id, values }) => ({ id, values: [values[0]!.with(length - 1, last)] }));
    return prepareSeriesRun(config, createSeriesSet({ ...set, series })).train[0]!;
  };
  const [one, other] = [points(0), points(0.5)];
  expect(one.visible.every((seen) => seen === 1)).toBe(true);
  expect(other.values.at(-1)).not.toBeCloseTo(one.values.at(-1)!, 3);
  expect(other.values.at(-2)).toBeCloseTo(one.values.at(-2)!, 3);
});
