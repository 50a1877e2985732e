import { appendFile, mkdtemp, rename, rm, stat, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readArff,
  readCsv,
  readLabelledCsv,
  readLongCsv,
  readParquet,
  readTs,
  readTsf,
  readUcr,
  whileUnchanged,
} from '@patchbert/data';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-changing-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A time that files of every kind can have, in seconds. */
const LONG_AGO = 1_000_000_000;

/** What may happen to a file while someone reads it. */
const accidents: readonly [string, (path: string) => Promise<void>, string][] = [
  ['is written to', (path) => appendFile(path, '\n'), 'data/file-changed'],
  ['is cut off', (path) => truncate(path, 3), 'data/file-changed'],
  ['is removed', unlink, 'data/missing-file'],
  [
    'is replaced by another of the same size and age',
    async (path) => {
      const { size } = await stat(path);
      await writeFile(`${path}.new`, new Uint8Array(size).fill(0x31));
      await utimes(`${path}.new`, LONG_AGO, LONG_AGO);
      await rename(`${path}.new`, path);
    },
    'data/file-changed',
  ],
];

describe.each(accidents)('a file that %s while it is read', (_, happen, code) => {
  test('is refused whatever was read of it', async () => {
    const path = join(folder, 'load.csv');
    await writeFile(path, 'a\n1\n2\n');
    await utimes(path, LONG_AGO, LONG_AGO);
    const run = whileUnchanged('load', path, async () => {
      const frame = await readCsv(path);
      await happen(path);
      return frame;
    });
    await expect(run).rejects.toMatchObject({ code, message: expect.stringMatching(/^load: /) });
  });
});

test('a file as it was is given as it was', async () => {
  const path = join(folder, 'load.csv');
  await writeFile(path, 'a\n1\n2\n');
  expect((await whileUnchanged('load', path, () => readCsv(path))).length).toBe(2);
  await expect(whileUnchanged('load', folder, async () => 1)).rejects.toMatchObject({
    code: 'data/not-a-file',
  });
});

test.each<[string, (path: string) => Promise<unknown>, string]>([
  ['CSV', readCsv, 'a\n1\n'],
  ['long CSV', readLongCsv, 'id,a\nx,1\n'],
  ['labelled CSV', readLabelledCsv, 'id,a,label\nx,1,u\nx,1,u\n'],
  ['UCR', readUcr, '1\t2\t3\n'],
  ['.ts', readTs, '@classLabel true a\n@data\n1,2:a\n'],
  ['.arff', readArff, '@attribute t numeric\n@attribute u numeric\n@attribute c {a}\n@data\n1,2,a\n'],
  ['.tsf', readTsf, '@data\n1,2\n'],
])('%s: a file that grows between its first and its last byte is refused', async (_, read, text) => {
  // Larger than one chunk, so that the reader is still at it when the file changes.
  const lines = text.split('\n');
  const [last] = lines.splice(-2, 1);
  const path = join(folder, 'grows');
  await writeFile(path, [...lines.filter((line) => line !== ''), ...new Array(60_000).fill(last)].join('\n'));
  const run = read(path);
  const outcome = run.then(
    () => undefined,
    (error: { code: string }) => error.code,
  );
  await appendFile(path, `\n${last}`);
  expect(await outcome).toBe('data/file-changed');
});

test('Parquet: likewise', async () => {
  const data = Array.from({ length: 50_000 }, (_, row) => row * 1.5);
  const path = join(folder, 'grows.parquet');
  await writeFile(
    path,
    new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'x', data, type: 'DOUBLE' }] })),
  );
  const outcome = readParquet(path).then(
    () => undefined,
    (error: { code: string }) => error.code,
  );
  await appendFile(path, 'more');
  // Before the footer is read the file is cut off for the reader, afterwards it has changed.
  expect(await outcome).toMatch(/^data\/(file-changed|bad-parquet)$/);
});
