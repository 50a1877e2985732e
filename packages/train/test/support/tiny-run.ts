import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tfjsCpu } from '@patchbert/backend';
import { createFrame, type Frame } from '@patchbert/data';
import { parseConfig } from '@patchbert/errors';
import { afterAll } from 'vitest';
import {
  type PretrainConfig,
  type PretrainConfigInput,
  type PretrainData,
  type PretrainOptions,
  type PretrainResult,
  preparePretraining,
  pretrain,
  pretrainConfigSchema,
} from '../../src/index.ts';

const folders: string[] = [];

/** A new empty folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-train-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Waves of two frequencies, with a gap in the second channel. */
export function waves(rows = 240): Frame {
  const fast = Float32Array.from({ length: rows }, (_, i) => 3 * Math.sin(i / 2) + 20);
  const slow = Float32Array.from({ length: rows }, (_, i) => (i % 41 === 7 ? Number.NaN : Math.cos(i / 7)));
  return createFrame({ name: 'waves', channels: ['fast', 'slow'], columns: [fast, slow] });
}

export const tinyConfig = {
  data: { source: 'waves' },
  contextLength: 26,
  patchLength: 4,
  model: {
    preset: 'tiny',
    width: 8,
    layers: 1,
    heads: 2,
    feedForwardWidth: 8,
    decoder: { width: 4, heads: 1, feedForwardWidth: 4 },
  },
  batchSize: 3,
  steps: 8,
  learningRate: 0.01,
  validateEvery: 3,
  validationSeries: 4,
  checkpointEvery: 2,
  galleryWindows: 3,
} as const satisfies PretrainConfigInput;

function parsedConfig(overrides: Partial<PretrainConfigInput> = {}): PretrainConfig {
  return parseConfig(pretrainConfigSchema, { ...tinyConfig, ...overrides }, 'test config');
}

export function prepare(overrides: Partial<PretrainConfigInput> = {}, frame: Frame = waves()) {
  return prepareData({ frame }, overrides);
}

export function prepareData(data: PretrainData, overrides: Partial<PretrainConfigInput> = {}) {
  return preparePretraining(parsedConfig(overrides), data);
}

/** Runs `pretrain` on the cpu reference with the tiny configuration. */
export async function tinyRun(options: Partial<PretrainOptions> = {}): Promise<PretrainResult> {
  const backend = await tfjsCpu.create();
  try {
    return await pretrain({
      ...(options.resume ? {} : { config: tinyConfig }),
      data: { frame: waves() },
      backend,
      runFolder: temporaryFolder(),
      ...options,
    });
  } finally {
    await backend.dispose();
  }
}

/** The bits a run ends with: weights and moments of its last checkpoint. */
export function finalBits({ checkpoint }: PretrainResult): { model: Buffer; optimiser: Buffer } {
  return {
    model: readFileSync(join(checkpoint, 'model.safetensors')),
    optimiser: readFileSync(join(checkpoint, 'optimizer.safetensors')),
  };
}

export function readJsonFile<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}
