import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openClassificationDataset,
  openForecastingDataset,
  resolveDataset,
  standardDatasets,
} from '@patchbert/datasets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchbert-names-'));
  data = join(root, 'data');
  await mkdir(data);
  // What a way out would find.
  for (const name of ['x_TRAIN.tsv', 'x_TEST.tsv', 'x.csv']) await writeFile(join(root, name), '1\t2\t3\n');
});
afterAll(() => rm(root, { recursive: true }));

const never: typeof fetch = () => Promise.reject(new Error('nothing may be fetched'));

describe('a name of a data set', () => {
  test.each([
    '../x',
    '..',
    '.',
    '',
    '/etc/passwd',
    'C:\\x',
    '..\\x',
    '%2e%2e/x',
    'ETTh1/../../x',
    'a\0b',
    'a\nb\u001b[31m\u202e',
    'con',
    'NUL',
    'x'.repeat(4096),
    'x'.repeat(1_000_000),
    '__proto__',
    'constructor',
    'http://127.0.0.1/x',
    'file:///etc/passwd',
  ])('that is none is refused, and leads nowhere: %#', async (name) => {
    const options = { dataDirectory: data, cacheDirectory: join(root, 'cache'), download: never };
    for (const opened of [
      resolveDataset(name, options),
      openForecastingDataset(name, options),
      openClassificationDataset(name, options),
    ]) {
      const error = await opened.then(
        () => 'opened',
        (thrown) => thrown,
      );
      expect(error).toMatchObject({ name: 'PatchBertError', code: 'datasets/unknown-dataset' });
      expect(error.message).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(error.message.length).toBeLessThan(1000);
    }
    expect(await readdir(root)).not.toContain('cache');
  });
});

test('every file of the registry has a plain name and is fetched by https, with a hash', () => {
  const plain = /^[A-Za-z0-9][\w.-]*$/;
  for (const { files, folders, ...dataset } of standardDatasets) {
    const alternatives = dataset.task === 'classification' ? dataset.alternativeFiles.flat() : [];
    for (const { name, url, sha256 } of [...files, ...alternatives]) {
      expect(name).toMatch(plain);
      if (url === undefined) continue;
      expect(url).toMatch(/^https:\/\//);
      expect(sha256.length).toBeGreaterThan(0);
    }
    for (const part of folders.flatMap((folder) => folder.split('/')))
      expect(part).toMatch(/^(\.?|[A-Za-z0-9][\w.-]*)$/);
  }
});
