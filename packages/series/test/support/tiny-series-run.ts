import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, tfjsCpu } from '@patchbert/backend';
import {
  type PretrainSeriesOptions,
  type PretrainSeriesResult,
  pretrainSeries,
  type SeriesRunConfigInput,
} from '@patchbert/series';
import { readMetrics } from '@patchbert/train';
import { afterAll } from 'vitest';
import { waves } from './waves.ts';

export const tinyModel = {
  patchLength: 6,
  patchStride: 4,
  width: 8,
  layers: 1,
  heads: 2,
  feedForwardWidth: 8,
} as const;

/** Both parts of the loss, dropout and averaging: everything that a resumed run has to carry on. */
export const tinyConfig = {
  data: { source: 'waves' },
  model: { ...tinyModel, dropout: 0.1 },
  pretraining: {
    training: { steps: 6, batchSize: 4, averagedShare: 0.5 },
    losses: { reconstruction: 1, instanceContrast: 0.5 },
  },
  validateEvery: 2,
  checkpointEvery: 3,
  gallerySeries: 3,
} as const satisfies SeriesRunConfigInput;

let backend: Promise<Backend> | undefined;
afterAll(async () => (await backend)?.dispose());

const folders: string[] = [];

/** The path of a folder that is not there yet, and is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-series-'));
  folders.push(folder);
  return join(folder, 'run');
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** `pretrainSeries` on a few waves, in a new folder. */
export async function tinyRun(options: Partial<PretrainSeriesOptions> = {}): Promise<PretrainSeriesResult> {
  backend ??= tfjsCpu.create();
  return pretrainSeries({
    ...(options.resume ? {} : { config: tinyConfig }),
    series: waves({ series: 12, channels: 2, length: 20 }),
    backend: await backend,
    folder: temporaryFolder(),
    ...options,
  });
}

export function readJsonFile<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

/** Everything of a run that must not depend on interruptions. */
export async function traces({ folder, checkpoint, evaluation, step }: PretrainSeriesResult) {
  const metrics = await readMetrics(join(folder, 'metrics.jsonl'));
  return {
    step,
    model: readFileSync(join(checkpoint, 'model.safetensors')),
    optimiser: readFileSync(join(checkpoint, 'optimizer.safetensors')),
    state: readFileSync(join(checkpoint, 'state.json'), 'utf8'),
    config: readFileSync(join(folder, 'config.json'), 'utf8'),
    evaluation,
    metrics: metrics.map((record) => ({ ...record, seconds: undefined })),
  };
}
