import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type PretrainEvent, readMetrics, warmupCosine } from '../src/index.ts';
import { finalBits, tinyConfig, tinyRun, waves } from './support/tiny-run.ts';

describe('learning rates', () => {
  it('of 0 are refused, as nothing would be learned', async () => {
    const attempt = tinyRun({ config: { ...tinyConfig, learningRate: 0 } });
    await expect(attempt).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining('learningRate'),
    });
  });

  it('of 1e9 end as divergence, or with finite weights and a finite error: never with NaN that is saved', async () => {
    const outcomes: string[] = [];
    for (const clipNorm of [null, 1]) {
      const config = { ...tinyConfig, schedule: 'constant', learningRate: 1e9, clipNorm } as const;
      const outcome = await tinyRun({ config }).then(
        ({ evaluation }) => (Number.isFinite(evaluation!.errors[0]!.maskedError) ? 'finite' : 'NaN'),
        ({ code }: { code: string }) => code,
      );
      outcomes.push(outcome);
    }
    for (const outcome of outcomes) expect(['train/diverged', 'finite']).toContain(outcome);
  });

  it('rise as far as they get where the schedule is shorter than its warm-up', async () => {
    const schedule = warmupCosine({ maximum: 1, warmupSteps: 10, totalSteps: 4 });
    const rates = [0, 1, 2, 3].map(schedule);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(rates.every((rate) => rate >= 0 && rate < 1)).toBe(true);
    for (const warmup of [0, 0.99]) {
      const config = { ...tinyConfig, steps: 1, warmup };
      expect((await tinyRun({ config })).status).toBe('finished');
    }
  });
});

describe('runs', () => {
  it('of batches of one series train', async () => {
    const { evaluation } = await tinyRun({ config: { ...tinyConfig, batchSize: 1 } });
    expect(evaluation!.errors[0]!.maskedError).toBeGreaterThan(0);
  });

  it('with seed 0 are the same run twice, and that of no seed', async () => {
    const bits = async (seed?: number) =>
      finalBits(await tinyRun({ config: { ...tinyConfig, ...(seed !== undefined && { seed }) } }));
    const first = await bits(0);
    expect(await bits(0)).toEqual(first);
    expect(await bits()).toEqual(first);
    expect(await bits(1)).not.toEqual(first);
  });

  it('hold as many tensors and bytes after 60 steps as after the first validation, with further ones and checkpoints', async () => {
    const seen = new Set<string>();
    let steps = 0;
    const onEvent = ({ type }: PretrainEvent) => {
      if (type !== 'step') return;
      steps++;
      // The weights of the validations are on the device from the first one on.
      if (steps <= 20) return;
      const { numTensors, numBytes } = tf.memory();
      seen.add(`${numTensors} tensors, ${numBytes} bytes`);
    };
    const config = { ...tinyConfig, steps: 60, validateEvery: 20, checkpointEvery: 20 };
    const { runFolder } = await tinyRun({ config, onEvent });
    expect([steps, seen.size]).toEqual([60, 1]);
    expect(await readMetrics(join(runFolder, 'metrics.jsonl'))).toHaveLength(63);
  });

  it('change neither the configuration nor the data they are given', async () => {
    const config = deepFrozen(structuredClone(tinyConfig));
    const frame = waves();
    const before = frame.columns.map((column) => column.slice());
    await tinyRun({ config, data: { frame } });
    expect(config).toEqual(tinyConfig);
    expect(frame.columns).toEqual(before);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
