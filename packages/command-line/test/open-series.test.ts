import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addSeriesFlags, openSeries, type SeriesRequest } from '@patchbert/command-line';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'patchbert-open-series-'));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const tsv = write('Steps.tsv', '1\t0.5\t0.7\n2\t0.1\t0.2\n');
const numbers = write('numbers.ts', '@targetLabel true\n@data\n1,2:0.5\n1,2:0.7\n');
const header = 'machine,time,x,y,class\n';
const table = write('train.csv', `${header}a,1,1,10,up\na,2,2,20,up\nb,1,3,30,down\nb,2,4,40,down\n`);
const turned = write('test.csv', 'machine,time,y,x,class\nc,1,10,1,up\nc,2,20,2,up\n');
const open = (request: SeriesRequest, dataDirectory?: string) => openSeries(request, { dataDirectory });

test('a data set by name comes with both parts, its licence and the hashes of its files', async () => {
  const opened = await open({ source: 'japanese-vowels' });
  expect(opened).toMatchObject({ title: 'JapaneseVowels', task: 'classification', licence: 'CC BY 4.0' });
  expect([opened.train.series.length, opened.test!.series.length]).toEqual([270, 370]);
  expect(opened.files.map(({ sha256 }) => sha256)).toEqual(
    Array.from({ length: 2 }, () => expect.stringMatching(/^[0-9a-f]{64}$/)),
  );
});

test('the folder of a data set stands for the data set', async () => {
  mkdirSync(join(folder, 'Mine'));
  for (const part of ['TRAIN', 'TEST']) write(`Mine/Mine_${part}.tsv`, '1\t1\t2\n2\t2\t1\n');
  expect((await open({ source: join(folder, 'Mine') })).title).toBe('Mine');
  expect((await open({ source: 'mine' }, folder)).test?.labels).toEqual(['1', '2']);
});

test('one file is a set without a test part', async () => {
  const opened = await open({ source: tsv });
  expect(opened).toMatchObject({ title: 'Steps.tsv', task: 'classification', train: { labels: ['1', '2'] } });
  expect(opened.test).toBeUndefined();
  expect(opened.files).toEqual([{ path: tsv, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect((await open({ source: numbers })).task).toBe('regression');
});

test('labels are not read where none are asked for', async () => {
  const { train, task } = await open({ source: 'JapaneseVowels', target: 'none' });
  expect([train.labels, train.targets, task]).toEqual([undefined, undefined, undefined]);
  expect((await open({ source: tsv, target: 'none', format: 'ucr' })).train.labels).toBeUndefined();
  await expect(open({ source: tsv, target: 'none' })).rejects.toThrow(
    'line 1: "1" may be a label or the first point; set --format to "ucr" if every line begins with a label',
  );
});

test('channels of a test table are brought into the order of the training table', async () => {
  const opened = await open({ train: table, test: turned, idColumn: 'machine', labelColumn: 'class' });
  expect(opened.train.channels).toEqual(['x', 'y']);
  expect(opened.test).toMatchObject({ channels: ['x', 'y'], labels: ['up'] });
  expect(opened.test!.series[0]!.values).toEqual([Float32Array.of(1, 2), Float32Array.of(10, 20)]);
});

describe('refused, with the flag that mends it', () => {
  test.each<[SeriesRequest, string]>([
    [{}, 'give --data or --train'],
    [{ source: 'GunPoint', train: tsv }, '--data does not go with --train'],
    [{ source: 'ETTh1' }, 'one long recording'],
    [{ source: 'JapaneseVowel' }, 'Did you mean "JapaneseVowels"?'],
    [{ source: 'GunPoint' }, 'pass --data-dir, a folder'],
    [{ source: 'JapaneseVowels', idColumn: 'id' }, '--id-column does not apply: the data set JapaneseVowels'],
    [{ source: table }, 'set --id-column to the column that names the series, or --format to "ucr"'],
    [{ source: tsv, idColumn: 'id' }, '--id-column is for CSV tables; the file is read as ucr'],
    [{ source: table, idColumn: 'machine', labelColumn: 'clas' }, 'Did you mean "class"?'],
    [{ source: table, format: 'csv' }, 'set --id-column to one of "machine"'],
    [{ source: join(folder, 'nowhere.ts') }, 'nowhere.ts'],
  ])('%j', async (request, says) => {
    await expect(open(request)).rejects.toThrow(says);
  });

  test('other channels', async () => {
    const other = write('other.csv', 'machine,time,z,class\nc,1,10,up\nc,2,20,up\n');
    await expect(open({ train: table, test: other, idColumn: 'machine' })).rejects.toThrow(
      `"${table}" has 2 channels (x, y), "${other}" has 1 channel (z); expected the same channels`,
    );
  });
});

test('flags have the names of the request', () => {
  const command = addSeriesFlags(new Command(), { pair: true, answer: 'target' });
  command.parse(['--train', 'a.csv', '--target-column', 'y', '--value-columns', 'p,q', '--no-time-column'], {
    from: 'user',
  });
  expect(command.opts()).toMatchObject({
    train: 'a.csv',
    targetColumn: 'y',
    valueColumns: ['p', 'q'],
    timeColumn: false,
  });
  expect(addSeriesFlags(new Command()).parse([], { from: 'user' }).opts()).toEqual({});
});
