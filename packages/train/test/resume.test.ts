import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrame } from '@patchbert/data';
import { describe, expect, it } from 'vitest';
import {
  lockRunFolder,
  type PretrainEvent,
  type PretrainReceipt,
  type PretrainResult,
  readMetrics,
  readRunConfig,
  runFolderAt,
  summariseRun,
} from '../src/index.ts';
import { finalBits, readJsonFile, temporaryFolder, tinyConfig, tinyRun, waves } from './support/tiny-run.ts';

/** Everything of a run that must not depend on interruptions. */
async function traces(result: PretrainResult) {
  const metrics = await readMetrics(join(result.runFolder, 'metrics.jsonl'));
  const state = readJsonFile<{ facts: { best: unknown } }>(result.checkpoint, 'state.json');
  return {
    ...finalBits(result),
    best: state.facts.best,
    evaluation: result.evaluation,
    metrics: metrics.map((record) => ({ ...record, seconds: undefined })),
  };
}

describe('resume', () => {
  /** All that a step can depend on: dropout, corrupted tokens, a rate per step, gradients gathered over four steps. */
  const everything = {
    ...tinyConfig,
    corruption: 'bert',
    model: { ...tinyConfig.model, decoder: undefined, dropout: 0.1 },
    accumulateSteps: 4,
    steps: 20,
    validateEvery: 8,
    checkpointEvery: 7,
  } as const;

  it('after every one of 20 steps equals the uninterrupted run, bit for bit', async () => {
    const config = everything;
    const whole = await traces(await tinyRun({ config }));
    const runFolder = temporaryFolder();
    await tinyRun({ config, runFolder, stopAfter: 0 });
    let last: PretrainResult | undefined;
    for (let step = 1; step <= config.steps; step++) {
      last = await tinyRun({ runFolder, resume: true, stopAfter: step });
      expect(last).toMatchObject({ status: step < config.steps ? 'interrupted' : 'finished', step });
    }
    expect(await traces(last!)).toEqual(whole);
    expect(await traces(await tinyRun({ runFolder, resume: true }))).toEqual(whole);
  });

  it('after dying, unsaved, behind every one of 20 steps equals the uninterrupted run', async () => {
    const config = everything;
    const whole = await traces(await tinyRun({ config }));
    const runFolder = temporaryFolder();
    for (let last = 1; last <= config.steps; last++) {
      const onEvent = (event: PretrainEvent) => {
        if (event.type === 'step' && event.step === last) throw new RangeError('power cut');
      };
      const given = last === 1 ? { config } : { resume: true };
      await expect(tinyRun({ ...given, runFolder, onEvent })).rejects.toThrow('power cut');
    }
    expect(await traces(await tinyRun({ runFolder, resume: true }))).toEqual(whole);
  });

  it('after several interruptions by a signal equals the uninterrupted run', async () => {
    const whole = await traces(await tinyRun());
    const runFolder = temporaryFolder();
    const interruptedAt = async (step: number, resume: boolean) => {
      const controller = new AbortController();
      const onEvent = (event: PretrainEvent) => {
        if (event.type === 'step' && event.step === step) controller.abort();
      };
      return tinyRun({ runFolder, resume, onEvent, signal: controller.signal });
    };
    expect(await interruptedAt(1, false)).toMatchObject({ status: 'interrupted', step: 1 });
    expect(await interruptedAt(5, true)).toMatchObject({ status: 'interrupted', step: 5 });
    await expect(summariseRun(runFolder)).rejects.toMatchObject({ code: 'train/bad-run-folder' });
    expect(await traces(await tinyRun({ runFolder, resume: true }))).toEqual(whole);
    const { sessions } = readJsonFile<PretrainReceipt>(runFolder, 'receipt.json');
    expect(sessions.map(({ firstStep, lastStep }) => [firstStep, lastStep])).toEqual([
      [1, 1],
      [2, 5],
      [6, 8],
    ]);
  });

  it.each([{ schedule: 'warmup-cosine', scheduleSteps: 8 }, { schedule: 'constant' }] as const)(
    'of n steps to 2n equals 2n steps with %o',
    async (schedule) => {
      const config = { ...tinyConfig, ...schedule, validateEvery: 4 };
      const whole = await traces(await tinyRun({ config: { ...config, steps: 8 } }));
      const runFolder = temporaryFolder();
      await tinyRun({ runFolder, config: { ...config, steps: 4 } });
      const stored = await readRunConfig(runFolder);
      const more = await tinyRun({ runFolder, config: { ...stored, steps: 8 }, resume: true });
      expect(await traces(more)).toEqual(whole);
    },
  );

  it('to more steps is refused when that would change learning rates already used', async () => {
    const { runFolder } = await tinyRun({ config: { ...tinyConfig, steps: 4 } });
    const attempt = tinyRun({ runFolder, config: { ...tinyConfig, steps: 8 }, resume: true });
    await expect(attempt).rejects.toMatchObject({
      code: 'train/resume-mismatch',
      message: expect.stringMatching(/planned for 4 steps.*scheduleSteps 8/),
    });
  });

  it('refuses another configuration, naming every difference', async () => {
    const { runFolder } = await tinyRun({ stopAfter: 2 });
    const config = { ...tinyConfig, batchSize: 4, masking: { geometry: 'random', ratio: 0.5 } } as const;
    await expect(tinyRun({ runFolder, config, resume: true })).rejects.toMatchObject({
      code: 'train/resume-mismatch',
      message: expect.stringMatching(
        /masking\.ratio: 0\.4 in the run, 0\.5 now; batchSize: 3 in the run, 4 now/,
      ),
    });
    const harmless = { ...tinyConfig, checkpointEvery: 1, keepCheckpoints: 5 };
    expect((await tinyRun({ runFolder, config: harmless, resume: true })).status).toBe('finished');
  });

  it('refuses other data', async () => {
    const { runFolder } = await tinyRun({ stopAfter: 2 });
    const frame = waves();
    const columns = [frame.columns[0]!.with(3, 21), frame.columns[1]!];
    const data = { frame: createFrame({ ...frame, columns }) };
    await expect(tinyRun({ runFolder, data, resume: true })).rejects.toMatchObject({
      code: 'train/resume-mismatch',
      message: expect.stringMatching(/data: values \w{12}\.\.\. in the run, values \w{12}\.\.\. now/),
    });
  });

  it('refuses a folder without a run', async () => {
    await expect(tinyRun({ resume: true })).rejects.toMatchObject({ code: 'train/no-run' });
  });

  it('passes over a damaged newest checkpoint, says so, and still ends with the same bits', async () => {
    const whole = await traces(await tinyRun());
    const runFolder = temporaryFolder();
    const part = await tinyRun({ runFolder, stopAfter: 5 });
    const model = join(part.checkpoint, 'model.safetensors');
    const bytes = readFileSync(model);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(model, bytes);
    const events: PretrainEvent[] = [];
    const result = await tinyRun({ runFolder, resume: true, onEvent: (event) => events.push(event) });
    expect(events[0]).toMatchObject({ type: 'warning', message: expect.stringMatching(/step-00000005/) });
    expect(events.find(({ type }) => type === 'resumed')).toMatchObject({ step: 4, exact: true });
    expect(await traces(result)).toEqual(whole);
  });

  it('drops metrics of steps after the checkpoint and a line cut off by a crash', async () => {
    const whole = await traces(await tinyRun());
    const runFolder = temporaryFolder();
    await tinyRun({ runFolder, stopAfter: 4 });
    const path = join(runFolder, 'metrics.jsonl');
    const orphan = JSON.stringify({ kind: 'training', step: 5, loss: 1, learningRate: 1, seconds: 1 });
    writeFileSync(path, `${readFileSync(path, 'utf8')}${orphan}\n${orphan}`);
    truncateSync(path, readFileSync(path).length - 3);
    expect(await traces(await tinyRun({ runFolder, resume: true }))).toEqual(whole);
  });

  it('is refused while another run writes to the folder', async () => {
    const { runFolder } = await tinyRun({ stopAfter: 2 });
    const release = await lockRunFolder(runFolderAt(runFolder));
    await expect(tinyRun({ runFolder, resume: true })).rejects.toMatchObject({
      code: 'train/run-in-progress',
    });
    await release();
    expect((await tinyRun({ runFolder, resume: true })).status).toBe('finished');
  });
});
