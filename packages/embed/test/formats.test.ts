import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrame, panelOf, readCsv } from '@patchbert/data';
import { readSafetensors, toFloat32, toInt32 } from '@patchbert/safetensors';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import {
  type Embedding,
  type EmbeddingFormat,
  embeddingFormats,
  embeddingText,
  formatOfPath,
  writeEmbedding,
} from '../src/index.ts';
import {
  CONTEXT,
  embedAll,
  hours,
  largestDifference,
  PATCH,
  recordings,
  temporaryFolder,
  tinyEmbedder,
  WIDTH,
  waves,
  withGaps,
} from './support/tiny-encoder.ts';

const rows = 3 * CONTEXT;
const frame = withGaps(waves(rows + 7, ['load', 'a "quoted", name']), (row, c) => c === 1 && row < CONTEXT);
const panel = recordings(frame, [rows, 7]);

interface Row {
  readonly id: string;
  readonly channel?: string;
  readonly patch?: number;
  readonly first_row?: number | null;
  readonly last_row?: number | null;
  readonly first_time?: Date | string | null;
  readonly last_time?: Date | string | null;
  readonly embedding: readonly (number | null)[];
}

/** Rows of a table of vectors beside the embedding they were written from. */
async function expectRows(found: readonly Row[], level: 'patch' | 'series' | 'window'): Promise<void> {
  const embedder = await tinyEmbedder();
  const { vectors, index, channels } = await embedAll(embedder, panel, { level });
  const places = level === 'patch' ? CONTEXT / PATCH : 1;
  const perWindow = (level === 'window' ? 1 : channels.length) * places;
  expect(found.length).toBe(index.recording.length * perWindow);
  found.forEach((row, i) => {
    const w = Math.floor(i / perWindow);
    const at = w * places + (i % places);
    expect(row.id).toBe(`recording ${index.recording[w]}`);
    expect(row.channel).toBe(level === 'window' ? undefined : channels[Math.floor((i % perWindow) / places)]);
    expect(row.patch).toBe(level === 'patch' ? i % places : undefined);
    const first = index.firstRow[at]! < 0 ? undefined : index.firstRow[at];
    expect(row.first_row ?? undefined).toBe(first);
    expect(row.last_row ?? undefined).toBe(first === undefined ? undefined : index.lastRow[at]);
    const time =
      row.first_time === null || row.first_time === undefined
        ? Number.NaN
        : new Date(row.first_time).getTime();
    expect(time).toBe(index.firstTime![at]);
    const values = row.embedding.map((value) => Math.fround(value ?? Number.NaN));
    expect(largestDifference(values, vectors.subarray(i * WIDTH, (i + 1) * WIDTH))).toBe(0);
  });
  embedder.dispose();
}

async function write(path: string, options: Parameters<Embedder['embed']>[1], data = panel): Promise<void> {
  const embedder = await tinyEmbedder();
  await writeEmbedding(path, embedder.embed(data, options));
  embedder.dispose();
}
type Embedder = Awaited<ReturnType<typeof tinyEmbedder>>;

describe.each(['patch', 'series', 'window'] as const)('vectors of level %s', (level) => {
  test('come back from JSON lines', async () => {
    const path = join(temporaryFolder(), 'vectors.jsonl');
    await write(path, { level });
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    await expectRows(
      lines.map((line) => JSON.parse(line) as Row),
      level,
    );
  });

  test('come back from Parquet', async () => {
    const path = join(temporaryFolder(), 'vectors.parquet');
    await write(path, { level });
    const file = await asyncBufferFromFile(path);
    await expectRows((await parquetReadObjects({ file })) as unknown as Row[], level);
    const { key_value_metadata: facts } = await parquetMetadataAsync(file);
    expect(facts).toContainEqual({ key: 'context_length', value: String(CONTEXT) });
  });

  test('come back from safetensors', async () => {
    const path = join(temporaryFolder(), 'vectors.safetensors');
    await write(path, { level });
    const { tensors, metadata } = readSafetensors(readFileSync(path));
    const embedder = await tinyEmbedder();
    const { vectors, index, shape, channels } = await embedAll(embedder, panel, { level });
    expect(tensors.get('embeddings')!.shape).toEqual(shape);
    expect(largestDifference(toFloat32(tensors.get('embeddings')!), vectors)).toBe(0);
    expect(toInt32(tensors.get('recording')!)).toEqual(index.recording);
    expect(toInt32(tensors.get('first_row')!)).toEqual(index.firstRow);
    expect(toInt32(tensors.get('last_row')!)).toEqual(index.lastRow);
    const times = tensors.get('last_time')!;
    expect(new Float64Array(Uint8Array.from(times.bytes).buffer)).toEqual(index.lastTime);
    expect(times.shape).toEqual(
      level === 'patch' ? [index.recording.length, CONTEXT / PATCH] : [index.recording.length],
    );
    expect(JSON.parse(metadata.get('channels')!)).toEqual(channels);
    expect(JSON.parse(metadata.get('recordings')!)).toEqual(['recording 0', 'recording 1']);
    expect(metadata.get('level')).toBe(level);
    embedder.dispose();
  });
});

test('a table of numbers comes back from CSV, and has one header', async () => {
  const path = join(temporaryFolder(), 'vectors.csv');
  const long = waves(300 * CONTEXT, ['load']);
  await write(path, { level: 'series' }, panelOf(createFrame({ ...long, times: hours(long.length) })));
  const embedder = await tinyEmbedder();
  const { vectors } = await embedAll(embedder, long);
  const names = Array.from({ length: WIDTH }, (_, d) => `f${d + 1}`);
  const table = await readCsv(path, { channels: names, timeColumn: 'first_time' });
  expect(table.length).toBe(300);
  const read = Float32Array.from(vectors, (_, i) => table.columns[i % WIDTH]![Math.floor(i / WIDTH)]!);
  expect(largestDifference(read, vectors)).toBe(0);
  expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(
    `id,channel,first_row,last_row,first_time,last_time,${names.join()}`,
  );
  embedder.dispose();
});

test('many batches make several row groups, and every row comes back', async () => {
  const path = join(temporaryFolder(), 'many.parquet');
  const embedder = await tinyEmbedder({ batchSize: 64 });
  const embedding = embedder.embed(panelOf(waves(6000, ['load'])), { level: 'patch', stride: 1 });
  // As many numbers as several row groups hold, without computing them.
  const cheap: Embedding = {
    ...embedding,
    async *batches() {
      const [windows, ...rest] = embedding.shape;
      const size = rest.reduce((product, one) => product * one, 1);
      for (let first = 0; first < windows!; first += 500) {
        const count = Math.min(500, windows! - first);
        yield {
          firstWindow: first,
          windows: count,
          vectors: Float32Array.from({ length: count * size }, (_, i) => first * size + i),
        };
      }
    },
  };
  await writeEmbedding(path, cheap);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  expect(Number(metadata.num_rows)).toBe(5977 * (CONTEXT / PATCH));
  const read = (await parquetReadObjects({ file, rowStart: 35_000, rowEnd: 35_010 })) as unknown as Row[];
  read.forEach(({ embedding: vector }, i) => {
    expect(vector[3]).toBe(Math.fround((35_000 + i) * WIDTH + 3));
  });
  embedder.dispose();
});

test('the format is that of the extension, or the one named', async () => {
  expect(
    ['a.safetensors', 'a.PARQUET', 'a.pq', 'a.jsonl', 'a.ndjson', 'a.json', 'a.csv', 'a.txt', 'a'].map(
      formatOfPath,
    ),
  ).toEqual(['safetensors', 'parquet', 'parquet', 'json', 'json', 'json', 'csv', undefined, undefined]);
  const embedder = await tinyEmbedder();
  const folder = temporaryFolder();
  await writeEmbedding(join(folder, 'vectors.txt'), embedder.embed(panel), { format: 'json' });
  let text = '';
  for await (const piece of embeddingText(embedder.embed(panel), 'json')) text += piece;
  expect(readFileSync(join(folder, 'vectors.txt'), 'utf8')).toBe(text);
  await expect(writeEmbedding(join(folder, 'other.txt'), embedder.embed(panel))).rejects.toThrow(
    expect.objectContaining({ code: 'embed/unknown-format' }),
  );
  embedder.dispose();
});

describe('a file is whole or not there', () => {
  test.each(embeddingFormats)(
    '%s: an error in the middle leaves nothing',
    async (format: EmbeddingFormat) => {
      const embedder = await tinyEmbedder();
      const folder = temporaryFolder();
      const embedding = embedder.embed(panel);
      const broken: Embedding = {
        ...embedding,
        async *batches() {
          yield* embedding.batches();
          throw new Error('the device went away');
        },
      };
      const path = join(folder, `vectors.${format}`);
      await expect(writeEmbedding(path, broken)).rejects.toThrow('the device went away');
      expect(readdirSync(folder)).toEqual([]);
      await writeEmbedding(path, embedding);
      expect(readdirSync(folder)).toEqual([`vectors.${format}`]);
      embedder.dispose();
    },
  );

  test('nothing is overwritten, and nothing computed for nothing', async () => {
    const embedder = await tinyEmbedder();
    const folder = temporaryFolder();
    const path = join(folder, 'vectors.json');
    writeFileSync(path, 'mine');
    let computed = 0;
    const embedding = embedder.embed(panel);
    const counted: Embedding = {
      ...embedding,
      batches() {
        computed++;
        return embedding.batches();
      },
    };
    const refused = expect.objectContaining({ code: 'embed/output' });
    await expect(writeEmbedding(path, counted)).rejects.toThrow(refused);
    await expect(writeEmbedding(join(folder, 'none', 'vectors.json'), counted)).rejects.toThrow(refused);
    await expect(writeEmbedding(join(path, 'vectors.json'), counted)).rejects.toThrow(refused);
    expect(computed).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['vectors.json']);
    // Another program that makes the file while vectors are computed keeps it.
    const late: Embedding = {
      ...embedding,
      async *batches() {
        writeFileSync(join(folder, 'late.json'), 'theirs');
        yield* embedding.batches();
      },
    };
    await expect(writeEmbedding(join(folder, 'late.json'), late)).rejects.toThrow(refused);
    expect(readFileSync(join(folder, 'late.json'), 'utf8')).toBe('theirs');
    expect(readdirSync(folder).sort()).toEqual(['late.json', 'vectors.json']);
    embedder.dispose();
  });
});
