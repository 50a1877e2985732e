import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFrame, Embedder, onnxCpu, pretrain, stackFrames } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbert-embedder-'));
const run = join(folder, 'run');
const sine = (rows: number, name = 'sine') =>
  createFrame({
    name,
    channels: ['a', 'b'],
    columns: [3, 5].map((period) => Float32Array.from({ length: rows }, (_, i) => Math.sin(i / period))),
  });
const frame = sine(600);

beforeAll(async () => {
  const backend = await onnxCpu.create({ threads: 1 });
  await pretrain({
    config: {
      data: { source: 'sine' },
      contextLength: 24,
      patchLength: 4,
      model: { preset: 'tiny', width: 8, layers: 1, heads: 2, feedForwardWidth: 8 },
      batchSize: 8,
      steps: 4,
      validationSeries: 8,
    },
    data: { frame },
    backend,
    runFolder: run,
  });
  await backend.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an embedder gives vectors in memory, in batches and in a file, the same ones', async () => {
  const embedder = await Embedder.load(run, { threads: 1, batchSize: 3 });
  expect([embedder.contextLength, embedder.width]).toEqual([24, 8]);
  const { shape, vectors, index } = await embedder.embed(frame);
  expect(shape).toEqual([25, 2, 8]);
  expect(index.lastRow[24]).toBe(599);
  const found: number[] = [];
  for await (const batch of embedder.batches(frame)) {
    expect(batch.index.firstRow[0]).toBe(batch.firstWindow * 24);
    found.push(...batch.vectors);
  }
  expect(found).toEqual([...vectors]);
  const path = join(folder, 'vectors.jsonl');
  await embedder.write(path, frame);
  const first = JSON.parse(readFileSync(path, 'utf8').split('\n')[0]!) as { embedding: number[] };
  expect(first.embedding.map(Math.fround)).toEqual([...vectors.subarray(0, 8)]);
  const panel = stackFrames([sine(30, 'one'), sine(10, 'two')], { name: 'both' });
  const several = await embedder.embed(panel, { level: 'window' });
  expect(several.recordings).toEqual(['one', 'two']);
  expect(several.shape).toEqual([3, 8]);
  await embedder.dispose();
  await expect(embedder.embed(frame)).rejects.toThrow(
    expect.objectContaining({ code: 'patchbert/disposed' }),
  );
});

test('a reader of batches that is disposed of in the middle is told, and disposal waits for a file', async () => {
  const embedder = await Embedder.load(run, { threads: 1, batchSize: 1 });
  const path = join(folder, 'whole.safetensors');
  const written = embedder.write(path, frame);
  const batches = embedder.batches(frame);
  await batches.next();
  await embedder.dispose();
  await written;
  expect(existsSync(path)).toBe(true);
  await expect(batches.next()).rejects.toThrow(expect.objectContaining({ code: 'patchbert/disposed' }));
});

test('what is wrong is told before anything is computed', async () => {
  await expect(Embedder.load(folder)).rejects.toThrow(expect.objectContaining({ code: 'embed/no-encoder' }));
  await expect(Embedder.load(run, { batchSize: 0 })).rejects.toThrow(/batchSize/);
  const embedder = await Embedder.load(run, { backend: 'tfjs-cpu' });
  await expect(embedder.embed([] as never)).rejects.toThrow(
    expect.objectContaining({ code: 'patchbert/bad-data' }),
  );
  await expect(embedder.embed(frame, { level: 'patch', pooling: 'max' })).rejects.toThrow(
    /keeps every patch/,
  );
  await expect(embedder.write(join(folder, 'x.bin'), frame)).rejects.toThrow(
    expect.objectContaining({ code: 'embed/unknown-format' }),
  );
  await embedder.dispose();
});
