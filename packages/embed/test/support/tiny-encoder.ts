import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { createFrame, createPanel, type Frame, type Panel, panelOf } from '@patchbert/data';
import {
  type EncoderConfig,
  encoderConfigSchema,
  encoderParameterSpecs,
  initialiseParameters,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { float32Tensor, type PatchingOptions, patchLayout } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { afterAll } from 'vitest';
import {
  collectEmbedding,
  type EmbeddedWindows,
  type EmbeddingOptions,
  type OpenEmbedder,
  openEmbedder,
  type WindowEncoder,
} from '../../src/index.ts';

export const CONTEXT = 24;
export const PATCH = 4;
export const WIDTH = 8;

const folders: string[] = [];
const backends = new Map<string, Promise<Backend>>();

export const adapters = { 'onnx-cpu': onnxCpu, 'tfjs-cpu': tfjsCpu } as const;

/** One backend of each kind for a test file. */
export function testBackend(name: keyof typeof adapters = 'onnx-cpu'): Promise<Backend> {
  const backend = backends.get(name) ?? adapters[name].create({ threads: 1 });
  backends.set(name, backend);
  return backend;
}

/** A new empty folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-embed-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  for (const backend of backends.values()) await (await backend).dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface TinyEncoderOptions extends Partial<PatchingOptions> {
  readonly model?: Partial<EncoderConfig>;
}

/** An encoder whose weights are drawn, all of them, so that nothing stands still at 0. */
export function tinyEncoder({ model = {}, ...patching }: TinyEncoderOptions = {}): WindowEncoder {
  const layout = patchLayout({ contextLength: CONTEXT, patchLength: PATCH, ...patching });
  const config = parseConfig(
    encoderConfigSchema,
    {
      patchLength: layout.patchLength,
      patchCount: layout.patchCount,
      width: WIDTH,
      layers: 2,
      heads: 2,
      feedForwardWidth: 12,
      ...model,
    },
    'tiny encoder',
  );
  const start = initialiseParameters(encoderParameterSpecs(config), randomKey(3));
  const parameters = Object.fromEntries(
    Object.entries(start).map(([name, { data, shape }]) => {
      const noise = normals(deriveKey(randomKey(4), name), data.length);
      return [
        name,
        float32Tensor(
          Float32Array.from(data, (value, i) => value + 0.2 * noise[i]!),
          shape,
        ),
      ];
    }),
  );
  return { encoder: { config, layout, outlierLimit: 10 }, parameters, source: 'tiny' };
}

export async function tinyEmbedder(
  options: TinyEncoderOptions & { readonly batchSize?: number } = {},
  backend: keyof typeof adapters = 'onnx-cpu',
): Promise<OpenEmbedder> {
  const { batchSize = 4, ...encoder } = options;
  return openEmbedder(await testBackend(backend), tinyEncoder(encoder), { batchSize });
}

/** Noise around waves; each channel in units of its own. */
export function waves(rows: number, channels: readonly string[] = ['load', 'flow', 'heat']): Frame {
  const columns = channels.map((channel, c) => {
    const noise = normals(deriveKey(randomKey(1), channel), rows);
    return Float32Array.from(
      { length: rows },
      (_, i) => 10 ** c * (5 + 2 * Math.sin(i / (3 + c)) + noise[i]!),
    );
  });
  return createFrame({ name: 'waves', channels, columns, times: hours(rows) });
}

export function hours(rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => Date.UTC(2024, 0, 1) + i * 3_600_000);
}

/** The frame with missing values. */
export function withGaps(frame: Frame, isMissing: (row: number, channel: number) => boolean): Frame {
  const columns = frame.columns.map((column, c) =>
    column.map((value, row) => (isMissing(row, c) ? Number.NaN : value)),
  );
  return createFrame({ ...frame, columns });
}

/** A frame cut into recordings of these lengths. */
export function recordings(frame: Frame, lengths: readonly number[]): Panel {
  let start = 0;
  const segments = lengths.map((length, i) => {
    const segment = { id: `recording ${i}`, start, end: start + length };
    start += length;
    return segment;
  });
  return createPanel(frame, segments);
}

export async function embedAll(
  embedder: OpenEmbedder,
  data: Frame | Panel,
  options?: EmbeddingOptions,
): Promise<EmbeddedWindows> {
  return collectEmbedding(embedder.embed('segments' in data ? data : panelOf(data), options));
}

/** The largest difference; NaN agrees with NaN alone. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Number.isNaN(x) && Number.isNaN(y)) continue;
    const difference = Math.abs(x - y);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
