import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { classesOf, classIndices, describeSeriesSet } from '@patchbert/data';
import { findDataset, openClassificationDataset } from '@patchbert/datasets';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const assets = new URL('../assets/', import.meta.url);

describe('Japanese Vowels', () => {
  test('opens without any folder, however it is spelled', async () => {
    const {
      name,
      task,
      train,
      test: test_,
      licence,
      citation,
      files,
    } = await openClassificationDataset('JapaneseVowels');
    expect({ name, task, licence }).toEqual({
      name: 'JapaneseVowels',
      task: 'classification',
      licence: 'CC BY 4.0',
    });
    expect(citation).toContain('10.24432/C5NS47');
    expect(files).toMatchObject([
      { name: 'japanese-vowels-train.ts.gz', origin: 'bundled', known: true },
      { name: 'japanese-vowels-test.ts.gz', origin: 'bundled', known: true },
    ]);
    expect(describeSeriesSet(train)).toEqual({
      series: 270,
      channels: 12,
      shortest: 7,
      longest: 26,
      missing: 0,
      classes: Array.from({ length: 9 }, (_, k) => ({ label: String(k + 1), count: 30 })),
    });
    expect(describeSeriesSet(test_)).toMatchObject({
      series: 370,
      channels: 12,
      shortest: 7,
      longest: 29,
      missing: 0,
    });
    const counts = new Array<number>(9).fill(0);
    for (const index of classIndices(test_, classesOf(train))) counts[index]!++;
    expect(counts).toEqual([31, 35, 88, 44, 29, 24, 40, 50, 29]);
    expect(train.series[0]!.values[0]!.subarray(0, 2)).toEqual(Float32Array.of(1.860936, 1.891651));
    expect((await openClassificationDataset('japanese-vowels')).train).toEqual(train);
  });

  test('is small, and says where it comes from', async () => {
    for (const part of ['train', 'test']) {
      const file = new URL(`japanese-vowels-${part}.ts.gz`, assets);
      expect((await stat(file)).size).toBeLessThan(260_000);
      expect(gunzipSync(await readFile(file)).toString('utf8')).toMatch(
        /^# Kudo, M\., Toyama, J\., Shimbo, M\..*\n#.*CC BY 4\.0/,
      );
    }
    const notice = await readFile(new URL('README.md', assets), 'utf8');
    for (const needed of ['10.24432/C5NS47', 'Kudo, M., Toyama, J., Shimbo, M.', 'Changes by PatchBERT']) {
      expect(notice).toContain(needed);
    }
    expect(findDataset('JapaneseVowels')).toMatchObject({ licence: 'CC BY 4.0', archive: 'UEA' });
  });
});

describe('a data directory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbert-datasets-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const tsv = '1\t0.5\t0.7\n2\t0.1\t0.2\n';
  const ts = '@classLabel true a b\n@data\n1,2:3,4:a\n1,2:3,4:b\n';
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const pair = async (stem: string, extension: string, text: string) => {
    await put(`${stem}_TRAIN.${extension}`, text);
    await put(`${stem}_TEST.${extension}`, text);
  };
  const open = (name: string) => openClassificationDataset(name, { dataDirectory: folder });

  test.each([
    'GunPoint/GunPoint',
    'ucr/GunPoint/GunPoint',
    'UCR/gunpoint/gunpoint',
    'uea/GunPoint/GunPoint',
    'ucr/GunPoint',
    'GunPoint',
  ])('finds %s', async (stem) => {
    await pair(stem, 'tsv', tsv);
    const found = await open('gun-point');
    expect(found).toMatchObject({ name: 'GunPoint', task: 'classification', train: { labels: ['1', '2'] } });
    expect(found.files).toMatchObject([{ origin: 'data directory', known: false }, {}]);
    expect(found.citation).toContain('UCR');
  });

  test('sets that no registry knows, numbers to predict, a second folder', async () => {
    await pair('Mine/Mine', 'ts', '@targetLabel true\n@data\n1,2:0.5\n1,2:0.7\n');
    const mine = await open('mine');
    expect(mine).toMatchObject({ name: 'Mine', task: 'regression' });
    expect(mine.licence).toBeUndefined();
    await pair('ECG200', 'tsv', tsv);
    expect(
      (await openClassificationDataset('ECG200', { cacheDirectory: folder, target: 'value' })).task,
    ).toBe('regression');
    expect(
      (await openClassificationDataset('JapaneseVowels', { dataDirectory: folder })).files[0]!.origin,
    ).toBe('bundled');
  });

  test('formats are not mixed, the better one is taken, in your folder before the bundled copy', async () => {
    await pair('JapaneseVowels/JapaneseVowels', 'tsv', tsv);
    await put('JapaneseVowels/JapaneseVowels_TRAIN.ts', ts);
    expect((await open('JapaneseVowels')).files[0]!.name).toBe('JapaneseVowels_TRAIN.tsv');
    await put('JapaneseVowels/JapaneseVowels_TEST.ts', ts);
    expect((await open('JapaneseVowels')).train.channels).toHaveLength(2);
  });

  test('what is not there, or does not fit, is said in one line', async () => {
    await pair('Mine/Mine', 'tsv', tsv);
    await put('Half_TRAIN.ts', ts);
    await put('Odd_TRAIN.ts', ts);
    await put('Odd_TEST.ts', '@classLabel true a b\n@data\n1,2:a\n');
    const refused: readonly [string, string, string][] = [
      ['Mien', 'datasets/unknown-dataset', 'Did you mean "Mine"?'],
      ['GunPont', 'datasets/unknown-dataset', 'Did you mean "GunPoint"?'],
      [
        'xyzzyzzy',
        'datasets/unknown-dataset',
        'The data directory has Mine, Half, Odd. Known: JapaneseVowels',
      ],
      ['../Mine', 'datasets/unknown-dataset', 'there is no data set "../Mine"'],
      ['__proto__', 'datasets/unknown-dataset', 'there is no data set "__proto__"'],
      [
        'GunPoint',
        'datasets/missing-file',
        `put it at ${JSON.stringify(join(folder, 'ucr/GunPoint/GunPoint_TRAIN.tsv'))}`,
      ],
      ['Half', 'datasets/missing-file', 'there is only'],
      ['Odd', 'datasets/unexpected-shape', 'has 2 channels, its test file 1'],
      ['ETTh1', 'datasets/not-classification', 'use openForecastingDataset'],
    ];
    for (const [name, code, message] of refused) {
      await expect(open(name)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    }
    await expect(openClassificationDataset('GunPoint')).rejects.toThrow(
      'pass dataDirectory, a folder that holds',
    );
    await expect(
      openClassificationDataset('Mine', { dataDirectory: join(folder, 'none') }),
    ).rejects.toMatchObject({
      code: 'datasets/no-data-directory',
    });
  });
});
