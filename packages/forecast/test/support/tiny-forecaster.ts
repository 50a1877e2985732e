import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { createFrame, type Frame } from '@patchbert/data';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { type PretrainConfigInput, pretrain } from '@patchbert/train';
import { afterAll } from 'vitest';
import {
  type FitForecasterOptions,
  type FitForecasterResult,
  fitForecaster,
  type LoadedForecaster,
  loadForecaster,
} from '../../src/index.ts';

export const CONTEXT = 32;
export const HORIZON = 8;
const HOUR = 3_600_000;

const folders: string[] = [];
let backend: Promise<Backend> | undefined;
let checkpoint: Promise<string> | undefined;

/** One backend for a test file. */
export function testBackend(): Promise<Backend> {
  backend ??= onnxCpu.create({ threads: 1 });
  return backend;
}

/** A new empty folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-forecast-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  await (await backend)?.dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface WavesOptions {
  readonly name?: string;
  readonly rows?: number;
  readonly seed?: number;
  readonly noise?: number;
  readonly channels?: readonly string[];
}

/** Two waves per channel of a daily season, their phases drawn, with noise; hourly. */
export function waves({
  name = 'waves',
  rows = 400,
  seed = 0,
  noise = 0.3,
  channels = ['load', 'flow', 'heat'],
}: WavesOptions = {}): Frame {
  const columns = channels.map((channel, c) => {
    const key = deriveKey(randomKey(seed), 'waves', channel);
    const [phase, other] = normals(deriveKey(key, 'phase'), 2);
    const errors = normals(deriveKey(key, 'noise'), rows);
    const unit = 10 ** c;
    return Float32Array.from({ length: rows }, (_, i) => {
      const day = Math.sin((2 * Math.PI * i) / 24 + 3 * phase!);
      const slow = Math.sin((2 * Math.PI * i) / 57 + 3 * other!);
      return unit * (5 + 2 * day + slow + noise * errors[i]!);
    });
  });
  return createFrame({ name, channels, columns, times: hours(rows) });
}

/** Hourly time stamps from 2024-01-01. */
export function hours(rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => Date.UTC(2024, 0, 1) + i * HOUR);
}

/** The frame with other columns. */
export function withColumns(
  frame: Frame,
  change: (column: Float32Array, channel: number) => Float32Array,
): Frame {
  return createFrame({ ...frame, columns: frame.columns.map((column, c) => change(column.slice(), c)) });
}

/** The frame with values from a row on replaced. */
export function changedFrom(frame: Frame, row: number, change: (value: number) => number): Frame {
  return withColumns(frame, (column) => column.map((value, i) => (i < row ? value : change(value))));
}

const tinyPretraining = {
  data: { source: 'waves' },
  contextLength: CONTEXT,
  patchLength: 4,
  model: {
    preset: 'tiny',
    width: 8,
    layers: 1,
    heads: 2,
    feedForwardWidth: 8,
    decoder: { width: 4, heads: 1, feedForwardWidth: 4 },
  },
  batchSize: 8,
  steps: 20,
  learningRate: 0.01,
  validationSeries: 8,
} as const satisfies PretrainConfigInput;

/** The folder of a short pretraining run on waves, made once per test file. */
export function tinyCheckpoint(): Promise<string> {
  checkpoint ??= pretrainTiny();
  return checkpoint;
}

export async function pretrainTiny(config: Partial<PretrainConfigInput> = {}): Promise<string> {
  const runFolder = join(temporaryFolder(), 'run');
  await pretrain({
    config: { ...tinyPretraining, ...config },
    data: { frame: waves({ seed: 9 }) },
    backend: await testBackend(),
    runFolder,
  });
  return runFolder;
}

export type TinyFitOptions = Partial<FitForecasterOptions>;

/** Fits with small defaults: context 32, horizon 8, ridge heads on the short pretraining run. */
export async function fitTiny({ config, ...options }: TinyFitOptions = {}): Promise<FitForecasterResult> {
  return fitForecaster({
    data: { frame: waves() },
    checkpoint: await tinyCheckpoint(),
    backend: await testBackend(),
    folder: join(temporaryFolder(), 'forecaster'),
    ...options,
    config: { horizons: [HORIZON], batchSize: 64, ...config },
  });
}

/** Fits and opens the folder. */
export async function loadTiny(options: TinyFitOptions = {}): Promise<LoadedForecaster> {
  const { folder } = await fitTiny(options);
  return loadForecaster(folder, await testBackend());
}

/** The forecaster's own test scores at each horizon. */
export function ownScores({ results }: Pick<FitForecasterResult, 'results'>) {
  return results.map(({ methods }) => methods[0]!.scores);
}

export function readJsonFile<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

/** Rewrites `forecaster.json` without its seal, as whoever means to change it does. */
export function editForecaster(folder: string, edit: (file: Record<string, unknown>) => object): void {
  const path = join(folder, 'forecaster.json');
  const { sha256: _, ...file } = readJsonFile<Record<string, unknown>>(path);
  writeFileSync(path, JSON.stringify(edit(file)));
}

/** The largest difference between two lists of numbers. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** The error that refuses something, or what went through instead, in short. */
export async function refusal(run: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await run;
  } catch (error) {
    return error as { code: string; message: string };
  }
  return { code: 'no error', message: 'it went through' };
}
