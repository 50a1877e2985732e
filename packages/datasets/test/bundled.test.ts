import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describeFrame, gridWindowCount, windowGrid } from '@patchbert/data';
import { loadBundled, openForecastingDataset } from '@patchbert/datasets';
import { expect, test } from 'vitest';

const assets = new URL('../assets/', import.meta.url);

test('five years of hours in seven channels, with the gaps of the source', async () => {
  const description = describeFrame(await loadBundled());
  expect(description).toMatchObject({
    rows: 43_824,
    firstTime: '2010-01-01T00:00:00.000Z',
    lastTime: '2014-12-31T23:00:00.000Z',
    intervalSeconds: 3600,
    irregularSteps: 0,
  });
  expect(
    description.channels.map(({ name, missing, minimum, maximum }) => [name, missing, minimum, maximum]),
  ).toEqual([
    ['pm2.5', 2067, 0, 994],
    ['DEWP', 0, -40, 28],
    ['TEMP', 0, -19, 42],
    ['PRES', 0, 991, 1046],
    ['Iws', 0, Math.fround(0.45), Math.fround(585.6)],
    ['Is', 0, 0, 27],
    ['Ir', 0, 0, 36],
  ]);
});

test('rows are those of the source', async () => {
  const frame = await loadBundled();
  const row = (index: number) => frame.columns.map((column) => column[index]);
  expect(row(0)).toEqual([Number.NaN, -21, -11, 1021, 1.79, 0, 0].map(Math.fround));
  expect(row(43_823)).toEqual([12, -21, -3, 1034, 249.85, 0, 0].map(Math.fround));
});

test('the asset is small and is what the script printed when it was made', async () => {
  expect((await stat(new URL('beijing-air-quality.csv.gz', assets))).size).toBeLessThan(600_000);
  const csv = gunzipSync(await readFile(new URL('beijing-air-quality.csv.gz', assets)));
  expect(createHash('sha256').update(csv).digest('hex')).toBe(
    'ff3d4f0c133240c795f300172691668f389e7a6643532889de912d69bb9d8b9c',
  );
});

test('licence, attribution and changes come with the data', async () => {
  expect(await readFile(new URL('CC-BY-4.0.txt', assets), 'utf8')).toMatch(
    /^Creative Commons Attribution 4\.0/,
  );
  const notice = await readFile(new URL('README.md', assets), 'utf8');
  for (const needed of ['10.24432/C5JS49', 'creativecommons.org/licenses/by/4.0', 'Changes by PatchBERT']) {
    expect(notice).toContain(needed);
  }
  const { files } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(files).toContain('assets');
});

test('it opens by name, split by year, with where it came from', async () => {
  const { frame, split, source, dataset } = await openForecastingDataset('beijing-air-quality');
  const firstYears = [split.train, split.validation, split.test].map(({ start }) =>
    new Date(frame.times![start]!).toISOString().slice(0, 10),
  );
  expect(firstYears).toEqual(['2010-01-01', '2013-01-01', '2014-01-01']);
  expect(split.test.end).toBe(frame.length);
  expect(source).toMatchObject({
    name: 'beijing-air-quality',
    licence: 'CC BY 4.0',
    files: [{ name: 'beijing-air-quality.csv.gz', origin: 'bundled', known: true }],
  });
  expect(Object.keys(dataset.units!)).toEqual(frame.channels);
  expect(gridWindowCount(windowGrid(split.test, { windowLength: 512 + 96, contextLength: 512 }))).toBe(
    8760 - 96 + 1,
  );
});
