import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PretrainEvent, type PretrainReceipt, type PretrainResult, readMetrics } from '../src/index.ts';
import { type Fault, faultyBackend } from './support/faulty-backend.ts';
import { finalBits, readJsonFile, temporaryFolder, tinyConfig, tinyRun } from './support/tiny-run.ts';

const rollback = { ...tinyConfig, checkpointEvery: 2, divergence: { action: 'rollback' } } as const;

async function faultyRun(fault: Fault, options: Parameters<typeof tinyRun>[0] = {}): Promise<PretrainResult> {
  const backend = await faultyBackend(fault);
  try {
    return await tinyRun({ backend, ...options });
  } finally {
    await backend.dispose();
  }
}

async function metricsOf({ runFolder }: PretrainResult) {
  const metrics = await readMetrics(join(runFolder, 'metrics.jsonl'));
  return metrics.map((record) => ({ ...record, seconds: undefined }));
}

describe('a run that diverges', () => {
  it('stops at a loss that is infinite once, with step, rate and last good checkpoint', async () => {
    const runFolder = temporaryFolder();
    const config = { ...tinyConfig, schedule: 'constant' } as const;
    await expect(faultyRun({ loss: (_, run) => run === 5 }, { runFolder, config })).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(
        /the loss is Infinity at step 5 with learning rate 0\.01\. .*step-00000004"/,
      ),
    });
    // The device has recovered: the run goes on as if nothing had been.
    const resumed = await tinyRun({ runFolder, resume: true });
    expect(finalBits(resumed)).toEqual(finalBits(await tinyRun({ config })));
  });

  it('names a weight or a moment that became NaN when it is read, and saves nothing of it', async () => {
    for (const name of ['encoder.embedding.weight', 'adam.mean.encoder.embedding.bias']) {
      const runFolder = temporaryFolder();
      await expect(
        faultyRun({ poison: { run: 4, name } }, { runFolder, config: { ...tinyConfig, validateEvery: 4 } }),
      ).rejects.toMatchObject({
        code: 'train/diverged',
        message: expect.stringMatching(new RegExp(`"${name}" holds NaN .*at step 4 .*step-00000002"`)),
      });
      expect(readdirSync(join(runFolder, 'checkpoints'))).toEqual(['step-00000002']);
    }
  });

  it('names the tensor when gradients are infinite, clipped or not', async () => {
    for (const clipNorm of [null, 1]) {
      const config = { ...tinyConfig, schedule: 'constant', learningRate: 1e30, clipNorm } as const;
      await expect(tinyRun({ config })).rejects.toMatchObject({
        code: 'train/diverged',
        message: expect.stringMatching(
          / at step \d+ with learning rate 1e\+30; the first tensor: "[\w.]+" holds/,
        ),
      });
    }
  });

  it('is told as diverged when every validation is NaN, and leaves no checkpoint', async () => {
    const runFolder = temporaryFolder();
    const config = { ...tinyConfig, validateEvery: 1 };
    await expect(faultyRun({ validation: true }, { runFolder, config })).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(/the validation error is NaN at step 1 .*There is no checkpoint yet/),
    });
    expect(existsSync(join(runFolder, 'checkpoints'))).toBe(false);
  });
});

describe('rolling back', () => {
  /** Above this rate the loss blows up: at the peak of the schedule, and only there. */
  const tooFast: Fault = { loss: (rate) => rate > 0.0088 };
  const late = { ...rollback, warmup: 0.5, steps: 12, checkpointEvery: 4, validateEvery: 4 } as const;

  it('goes back to the last checkpoint with a lower rate, and tells of it everywhere', async () => {
    const events: PretrainEvent[] = [];
    const result = await faultyRun(tooFast, { config: late, onEvent: (event) => events.push(event) });
    expect(result.status).toBe('finished');
    const told = { divergedAt: 7, what: 'the loss is Infinity', toStep: 4, rateScale: 0.5 };
    expect(events.filter(({ type }) => type === 'rollback')).toMatchObject([
      { ...told, checkpoint: expect.stringContaining('step-00000004'), rollbacksLeft: 2 },
    ]);
    const metrics = await metricsOf(result);
    expect(metrics.filter(({ kind }) => kind === 'rollback')).toMatchObject([{ ...told, step: 5 }]);
    const steps = metrics.filter(({ kind }) => kind === 'training');
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const receipt = readJsonFile<PretrainReceipt>(result.runFolder, 'receipt.json');
    expect(receipt).toMatchObject({ rollbacks: [told], bitExact: true });
  });

  it('ends with the same bits when the run is interrupted after every step, before and after it', async () => {
    const whole = await faultyRun(tooFast, { config: late });
    const runFolder = temporaryFolder();
    await faultyRun(tooFast, { config: late, runFolder, stopAfter: 1 });
    let last: PretrainResult | undefined;
    for (let stopAfter = 2; stopAfter <= late.steps; stopAfter++) {
      last = await faultyRun(tooFast, { runFolder, resume: true, stopAfter });
    }
    expect(finalBits(last!)).toEqual(finalBits(whole));
    expect(await metricsOf(last!)).toEqual(await metricsOf(whole));
  });

  it('starts over when nothing was saved, and stops when its rollbacks are used up', async () => {
    const events: PretrainEvent[] = [];
    const config = { ...tinyConfig, divergence: { action: 'rollback', rollbacks: 2 } } as const;
    const attempt = faultyRun({ loss: () => true }, { config, onEvent: (event) => events.push(event) });
    await expect(attempt).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(/at step 1 .*rolled back 2 times already/),
    });
    const rollbacks = events.filter(({ type }) => type === 'rollback');
    expect(rollbacks).toMatchObject([
      { toStep: 0, rateScale: 0.5, rollbacksLeft: 1 },
      { toStep: 0, rateScale: 0.25, rollbacksLeft: 0 },
    ]);
  });

  it('can be asked for when a run that stopped is resumed', async () => {
    const runFolder = temporaryFolder();
    const stopping = { ...late, divergence: { action: 'stop' } } as const;
    await expect(faultyRun(tooFast, { config: stopping, runFolder })).rejects.toMatchObject({
      code: 'train/diverged',
    });
    const resumed = await faultyRun(tooFast, { config: late, runFolder, resume: true });
    expect(finalBits(resumed)).toEqual(finalBits(await faultyRun(tooFast, { config: late })));
  });
});
