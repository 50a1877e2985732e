import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataRequest, openData } from '@patchbert/command-line';
import { expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'patchbert-open-data-'));
const load = join(folder, 'load.csv');
writeFileSync(load, 'date;load;wind\n2024-01-01;1;x\n2024-01-02;-9;x\n');
const open = (request: DataRequest) => openData(request, { cacheDirectory: join(folder, 'cache') });

test('a CSV file is read as asked, with its hash', async () => {
  const opened = await open({ source: load, delimiter: ';', channels: ['load'], missing: ['-9'] });
  expect(opened.title).toBe('load.csv');
  expect(opened.files).toEqual([{ path: load, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(opened.frame.columns).toEqual([Float32Array.of(1, Number.NaN)]);
});

test('gaps in time become rows when asked', async () => {
  const gaps = join(folder, 'gaps.csv');
  writeFileSync(gaps, 'date,load\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-05,5\n');
  expect((await open({ source: gaps })).frame.length).toBe(4);
  const { frame, insertedRows } = await open({ source: gaps, regularTimes: true });
  expect(frame.columns).toEqual([Float32Array.of(1, 2, 3, Number.NaN, 5)]);
  expect(insertedRows).toBe(1);
});

test('a long table is a panel, gaps and all', async () => {
  const long = join(folder, 'long.csv');
  const days = ['01', '02', '04'].flatMap((day) => [`b,2024-01-${day},1`, `a,2024-01-${day},2`]);
  writeFileSync(long, `store,date,sales\n${days.join('\n')}\n`);
  const panel = await open({ source: long, idColumn: 'store' });
  expect(panel.segments).toEqual([
    { id: 'b', start: 0, end: 3 },
    { id: 'a', start: 3, end: 6 },
  ]);
  await expect(open({ source: long, idColumn: 'stor' })).rejects.toThrow('"stor"');
  await expect(open({ source: long, idColumn: 'store', timeOrder: 'any' })).rejects.toThrow('--id-column');
});

test('series whose rows are not equally far apart are refused, unless rows are taken as they stand', async () => {
  const path = join(folder, 'mixed.csv');
  const rows = (id: string, stamps: readonly string[]) =>
    stamps.map((stamp) => `${id},${stamp},1\n`).join('');
  const hourly = rows('a', ['2024-01-01T00:00', '2024-01-01T01:00', '2024-01-01T02:00']);
  const daily = rows('b', ['2024-01-01T00:00', '2024-01-02T00:00', '2024-01-03T00:00']);
  const monthly = (id: string, year: number) =>
    rows(id, [`${year}-01-31T00:00`, `${year}-02-${year % 4 ? 28 : 29}T00:00`, `${year}-03-31T00:00`]);
  const request = { source: path, idColumn: 'id', regularTimes: true };
  writeFileSync(path, `id,time,x\n${hourly}${daily}`);
  await expect(open(request)).rejects.toThrow(
    '"a" has a row every 3600 s, "b" every 86400 s; expected the same',
  );
  expect((await open({ ...request, regularTimes: false })).segments).toHaveLength(2);
  writeFileSync(path, `id,time,x\n${monthly('a', 2023)}${monthly('b', 2024)}`);
  expect((await open(request)).segments).toHaveLength(2);
});

test('a .tsf file is a panel with the horizon it asks for', async () => {
  const path = join(folder, 'sales.tsf');
  const lines = ['@attribute series_name string', '@attribute start date', '@frequency daily', '@horizon 2'];
  writeFileSync(
    path,
    [...lines, '@data', 'a:2024-01-01 00-00-00:1,2,?', 'b:2024-01-01 00-00-00:3,4', ''].join('\n'),
  );
  const { segments, horizons, frame } = await open({ source: path });
  expect(segments?.map(({ id, end }) => [id, end])).toEqual([
    ['a', 3],
    ['b', 5],
  ]);
  expect(horizons).toEqual([2]);
  expect(frame.channels).toEqual(['value']);
  await expect(open({ source: path, idColumn: 'series_name' })).rejects.toThrow('--id-column does not apply');
});

test('a data set comes with its split, licence, units and horizons', async () => {
  const opened = await open({ source: 'beijing-air-quality' });
  expect(opened.split).toBeDefined();
  expect(opened.licence).toBeTruthy();
  expect(opened.horizons?.length).toBeGreaterThan(0);
  const [channel] = opened.frame.channels;
  expect((await open({ source: 'beijing-air-quality', channels: [channel!] })).frame.channels).toEqual([
    channel,
  ]);
});

test.each<[DataRequest, string]>([
  [{ source: 'ETTh' }, 'Did you mean "ETTh1"?'],
  [{ source: 'GunPoint' }, 'labelled'],
  [{ source: 'ETTh1', delimiter: ';' }, '--delimiter does not apply: the data set ETTh1'],
  [{ source: 'ETTh1', timeColumn: false }, '--no-time-column'],
  [{ source: 'load.parquet', delimiter: ';' }, '--delimiter does not apply: a Parquet file'],
  [{ source: join(folder, 'nowhere.parquet') }, 'nowhere.parquet'],
  [{ source: join(folder, 'nowhere.csv') }, 'nowhere.csv'],
])('%j is refused with advice', async (request, says) => {
  await expect(open(request)).rejects.toThrow(says);
});
