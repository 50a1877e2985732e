import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  formatCsv,
  type LongCsvOptions,
  readLongCsv,
  readLongCsvStream,
  segmentFrame,
} from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const read = (text: string, options?: LongCsvOptions) =>
  readLongCsvStream([new TextEncoder().encode(text)], 'sales.csv', options);

const day = (date: number) => Date.UTC(2024, 0, date);

describe('long tables', () => {
  test('rows become recordings, in the order of their first rows, sorted by time', async () => {
    const text =
      'store,date,sales,price\nb,2024-01-02,4,1\na,2024-01-01,1,\nb,2024-01-01,3,2\na,2024-01-03,2,5\nb,2024-01-03,5,3\n';
    const panel = await read(text, { idColumn: 'store' });
    expect(panel.segments).toEqual([
      { id: 'b', start: 0, end: 3 },
      { id: 'a', start: 3, end: 5 },
    ]);
    expect(panel.frame).toMatchObject({
      name: 'sales.csv',
      channels: ['sales', 'price'],
      timeColumn: 'date',
    });
    const [b, a] = [segmentFrame(panel, 0), segmentFrame(panel, 1)];
    expect([...b.times!]).toEqual([day(1), day(2), day(3)]);
    expect([...b.columns[0]!]).toEqual([3, 4, 5]);
    expect([...b.columns[1]!]).toEqual([2, 1, 3]);
    expect([...a.times!]).toEqual([day(1), day(3)]);
    expect([...a.columns[1]!]).toEqual([Number.NaN, 5]);
  });

  test('any order of the rows gives the same recordings', async () => {
    const rows = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('x', 'y', 'z'), date: fc.integer({ min: 1, max: 28 }) }),
      {
        minLength: 1,
        maxLength: 30,
        selector: ({ id, date }) => `${id} ${date}`,
      },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        const text = formatCsv([
          { name: 'time', times: list.map(({ date }) => day(date)) },
          { name: 'id', texts: list.map(({ id }) => id) },
          { name: 'value', numbers: list.map(({ id, date }) => id.charCodeAt(0) * 100 + date) },
        ]);
        const panel = await read(text);
        expect(panel.segments.map(({ id }) => id)).toEqual([...new Set(list.map(({ id }) => id))]);
        panel.segments.forEach(({ id }, s) => {
          const dates = list.flatMap((row) => (row.id === id ? [row.date] : [])).sort((a, b) => a - b);
          const { times, columns } = segmentFrame(panel, s);
          expect([...times!]).toEqual(dates.map(day));
          expect([...columns[0]!]).toEqual(dates.map((date) => id.charCodeAt(0) * 100 + date));
        });
      }),
      { seed: 41, numRuns: 100 },
    );
  });

  test('ids are texts, whatever they look like', async () => {
    const { segments } = await read('id,x\n001,1\n1,2\n__proto__,3\n"a, b",4\n É ,5\n');
    expect(segments.map(({ id }) => id)).toEqual(['001', '1', '__proto__', 'a, b', 'É']);
  });

  test('id and time columns are found by their usual names, and columns chosen', async () => {
    const text = 'x,Item_ID,y,when\n1,a,2,2024-01-02\n3,a,4,2024-01-01\n';
    const { frame } = await read(text, { channels: ['y'] });
    expect(frame.channels).toEqual(['y']);
    expect([...frame.columns[0]!]).toEqual([4, 2]);
    const untimed = await read('id,x\na,1\nb,2\na,3\n');
    expect(untimed.frame.times).toBeUndefined();
    expect([...untimed.frame.columns[0]!]).toEqual([1, 3, 2]);
  });

  test.each<[string, string, LongCsvOptions, string, string]>([
    [
      'two rows of a series at one time',
      'id,date,x\na,2024-01-02,1\n\na,2024-01-01,2\na,2024-01-02,3\n',
      {},
      'data/duplicate-times',
      'readCsv: "sales.csv": lines 2 and 5 are both of series "a" at 2024-01-02T00:00:00Z',
    ],
    ['an empty id', 'id,x\na,1\n ,2\n', {}, 'data/missing-id', 'line 3, column "id": the id is empty'],
    [
      'an id column that is not there',
      'store,x\na,1\n',
      { idColumn: 'stroe' },
      'data/unknown-channel',
      'Did you mean "store"?',
    ],
    ['no usual name', 'store,x\na,1\n', {}, 'data/unknown-channel', 'set idColumn to one of "store", "x".'],
    [
      'several usual names',
      'id,series,x\na,b,1\n',
      {},
      'data/unknown-channel',
      'has several ("id", "series")',
    ],
    ['the id as a channel', 'id,x\na,1\n', { channels: ['id'] }, 'data/no-channels', 'is the id column'],
    ['the id as time', 'id,x\na,1\n', { timeColumn: 'id' }, 'data/bad-header', 'is the id column'],
    ['no values', 'id,date\na,2024-01-01\n', {}, 'data/no-channels', 'beside its ids and times'],
    [
      'a text among values',
      'id,x\na,1\nb,y\n',
      {},
      'data/bad-number',
      'line 3, column "x": "y" is not a number',
    ],
    [
      'rows in an order asked for',
      'id,x\na,1\n',
      { timeOrder: 'any' } as LongCsvOptions,
      'config/invalid',
      'timeOrder',
    ],
  ])('%s is refused', async (_, text, options, code, message) => {
    await expect(read(text, options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('a file is read as a stream of its bytes is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbert-data-'));
    try {
      const path = join(folder, 'sales.csv');
      await writeFile(path, 'id,x\na,1\nb,2\n');
      expect(await readLongCsv(path)).toEqual(await read('id,x\na,1\nb,2\n'));
      await expect(readLongCsv(join(folder, 'none.csv'))).rejects.toThrow('readLongCsv: there is no file');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
