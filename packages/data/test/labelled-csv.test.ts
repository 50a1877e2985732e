import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LabelledCsvOptions,
  type ReadSeriesSetOptions,
  readLabelledCsv,
  readLabelledCsvStream,
  readSeriesSet,
} from '@patchbert/data';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const N = Number.NaN;
const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options?: LabelledCsvOptions) =>
  readLabelledCsvStream([encode(text)], 'demo.csv', options);
const plain = (set: Awaited<ReturnType<typeof read>>) =>
  set.series.map((one) => one.values.map((channel) => [...channel]));

describe('long tables of labelled series', () => {
  test('series of their own lengths, rows in any order, gaps, labels in one form', async () => {
    const set = await read('id,time,x,y,label\nb,2,1,2,1.0\na,0,3,4,up\nb,0,5,,1\na,1,6,NA,up\nb,1,7,8,1\n');
    expect(set).toMatchObject({
      name: 'demo.csv',
      channels: ['x', 'y'],
      labels: ['1', 'up'],
      origin: { file: 'demo.csv', lines: [2, 3] },
    });
    expect(set.series.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(plain(set)).toEqual([
      [
        [5, 7, 1],
        [N, 8, 2],
      ],
      [
        [3, 6],
        [4, N],
      ],
    ]);
  });

  test('columns by name, other separators, quotes, dates', async () => {
    const options = {
      idColumn: 'who',
      timeColumn: 'when',
      labelColumn: 'what',
      valueColumns: ['z', 'x'],
      delimiter: ';',
      missing: ['-9'],
    };
    const set = await read(
      'what;who;x;note;z;when\n"a;b";p;1;n;2;2024-01-31\n"a;b";p;-9;n;4;2024-02-29\n"a;b";p;5;n;6;2024-03-31\n',
      options,
    );
    expect(set).toMatchObject({ channels: ['z', 'x'], labels: ['a;b'] });
    expect(plain(set)).toEqual([
      [
        [2, 4, 6],
        [1, N, 5],
      ],
    ]);
  });

  test('numbers to predict, and series without answers', async () => {
    const text = 'id,x,target,label\na,1,0.5,u\na,2,0.5,u\nb,3,-1,v\nb,4,-1,v\n';
    expect((await read(text)).labels).toEqual(['u', 'v']);
    expect([...(await read(text, { target: 'value' })).targets!]).toEqual([0.5, -1]);
    expect([...(await read(text, { targetColumn: 'target' })).targets!]).toEqual([0.5, -1]);
    const none = await read(text, { target: 'none' });
    expect([none.labels, none.targets, none.channels]).toEqual([undefined, undefined, ['x']]);
    expect((await read('id,x\na,1\na,2\n')).labels).toBeUndefined();
    expect(plain(await read('id,x\na,1\na,2\n', { target: 'none', labelColumn: 'gesture' }))).toEqual([
      [[1, 2]],
    ]);
  });

  test('times may be left out of account', async () => {
    expect(plain(await read('id,time,x,label\na,5,1,u\na,1,2,u\n', { timeColumn: false }))).toEqual([
      [
        [5, 1],
        [1, 2],
      ],
    ]);
  });

  test('a table cannot make its names properties of anything', async () => {
    const set = await read(
      'id,__proto__,label\n__proto__,1,constructor\n__proto__,2,constructor\ntoString,1,__proto__\ntoString,3,__proto__\n',
    );
    expect(set).toMatchObject({ labels: ['constructor', '__proto__'] });
    expect(set.channels).toEqual(['__proto__']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('the order of rows changes nothing but the order of the series', async () => {
    const rows = ['a', 'b', 'c'].flatMap((id, s) =>
      [0, 1, 2].map((time) => `${id},${time},${s * 10 + time},${id}`),
    );
    const whole = await read(`id,time,x,label\n${rows.join('\n')}\n`);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        const set = await read(`id,time,x,label\n${shuffled.join('\n')}\n`);
        for (const [index, { id, values }] of set.series.entries()) {
          expect(values).toEqual(whole.series.find((one) => one.id === id)!.values);
          expect(set.labels![index]).toBe(id);
        }
      }),
      { seed: 11, numRuns: 50 },
    );
  });

  test.each<[string, string, LabelledCsvOptions | undefined, string, string]>([
    ['an empty file', '', undefined, 'data/empty-file', 'is empty'],
    ['a header without data', 'id,x,label\n', undefined, 'data/empty-file', 'has a header but no rows'],
    [
      'a label that changes',
      'id,x,label\na,1,u\na,2,v\n',
      undefined,
      'data/label-changes',
      'line 3, column "label": series "a" has "v" here and "u" on line 2',
    ],
    [
      'a target that changes',
      'id,x,target\na,1,1\na,2,2\n',
      undefined,
      'data/label-changes',
      'line 3, column "target"',
    ],
    ['a label missing', 'id,x,label\na,1,\na,2,\n', undefined, 'data/missing-label', 'line 2: has no label'],
    [
      'a target that is a text',
      'id,x,target\na,1,u\na,2,u\n',
      undefined,
      'data/bad-number',
      'line 2: the target "u"',
    ],
    [
      'no column of ids',
      'who,x\na,1\n',
      undefined,
      'data/unknown-channel',
      'set idColumn to one of "who", "x"',
    ],
    [
      'an unknown column of labels',
      'id,x,label\na,1,u\n',
      { labelColumn: 'lable' },
      'data/unknown-channel',
      'Did you mean "label"?',
    ],
    [
      'no column of labels',
      'id,x\na,1\n',
      { target: 'label' },
      'data/no-labels',
      'set labelColumn to one of',
    ],
    ['ids as labels', 'id,x\na,1\n', { labelColumn: 'id' }, 'data/bad-header', 'also the id column'],
    [
      'labels as values',
      'id,x,label\na,1,u\n',
      { valueColumns: ['label'] },
      'data/bad-header',
      'one of valueColumns',
    ],
    [
      'labels as times',
      'id,x,label\na,1,u\n',
      { timeColumn: 'label' },
      'data/bad-header',
      'is the label column',
    ],
    ['only ids and labels', 'id,label\na,u\n', undefined, 'data/no-channels', 'has no column beside'],
    [
      'a gap in time',
      'id,time,x,label\na,0,1,u\na,1,2,u\na,3,2,u\n',
      undefined,
      'data/irregular-times',
      'line 2: series "a", which begins here, goes from 1 to 3',
    ],
    [
      'the same time twice',
      'id,time,x,label\na,1,1,u\na,1,2,u\n',
      undefined,
      'data/duplicate-times',
      'lines 2 and 3 are both of series "a" at 1;',
    ],
    [
      'numbers among dates',
      'id,time,x,label\na,2024-01-01,1,u\na,1,2,u\n',
      undefined,
      'data/bad-time',
      'line 3, column "time": "1" is a number, the row before has a time stamp',
    ],
    [
      'times that are texts',
      'id,time,x,label\na,soon,1,u\n',
      undefined,
      'data/bad-time',
      '"soon" is not a time stamp',
    ],
    [
      'times too large',
      'id,time,x,label\na,1e18,1,u\n',
      undefined,
      'data/bad-time',
      'write times in a larger unit',
    ],
    [
      'a single point',
      'id,x,label\na,1,u\nb,1,u\nb,2,u\n',
      undefined,
      'data/short-series',
      'line 2: the series has a single point',
    ],
    [
      'only missing values',
      'id,x,label\na,,u\na,,u\nb,1,u\nb,2,u\n',
      undefined,
      'data/all-missing-series',
      'line 2: the series has no value',
    ],
    [
      'a text among values',
      'id,x,label\na,1,u\na,z,u\n',
      undefined,
      'data/bad-number',
      'line 3, column "x": "z" is not a number',
    ],
    [
      'a short row',
      'id,x,label\na,1\n',
      undefined,
      'data/ragged-row',
      'line 2: has 2 values; the header has 3',
    ],
    ['an empty id', 'id,x,label\n,1,u\n', undefined, 'data/missing-id', 'line 2, column "id"'],
    [
      'an option of its own',
      'id,x\n',
      { lableColumn: 'x' } as never,
      'config/invalid',
      'Did you mean "labelColumn"?',
    ],
  ])('%s is refused', async (_, text, options, code, message) => {
    const error = await read(text, options).catch((thrown) => thrown);
    expect(error).toMatchObject({ code });
    // `has` and `is` join without a colon.
    expect(error.message.replace(/(line \d+) has/, '$1: has')).toContain(message);
  });
});

describe('any format', () => {
  let folder: string;
  const files: Readonly<Record<string, string>> = {
    'a.tsv': '1\t5\t6\n',
    'a.txt': '1 5 6\n',
    'a.TS': '@classLabel true 1\n@data\n5,6:1\n',
    'a.arff': '@attribute t0 numeric\n@attribute t1 numeric\n@attribute class {1}\n@data\n5,6,1\n',
    'a.csv': 'id,x,label\na,5,1\na,6,1\n',
    'ucr.csv': '1,5,6\n',
    'a.dat': '1,5,6\n',
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbert-data-'));
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['a.tsv', {}],
    ['a.txt', {}],
    ['a.TS', {}],
    ['a.arff', {}],
    ['a.csv', { idColumn: 'id' }],
    ['a.csv', { format: 'csv' }],
    ['ucr.csv', { format: 'ucr' }],
    ['a.dat', { format: 'ucr', target: 'label' }],
  ] as const)('%s with %j', async (name, options) => {
    const set = await readSeriesSet(join(folder, name), options);
    expect([plain(set), set.labels]).toEqual([[[[5, 6]]], ['1']]);
  });

  test.each<[string, ReadSeriesSetOptions, string, string]>([
    [
      'a.csv',
      {},
      'data/unknown-format',
      'set idColumn to the column that names the series, or format to "ucr"',
    ],
    ['a.dat', {}, 'data/unknown-format', 'ends in none of .tsv, .txt, .ts, .arff and .csv'],
    ['a.tsv', { idColumn: 'id' }, 'config/invalid', '"idColumn" is for CSV tables; the file is read as ucr'],
    ['a.tsv', { formt: 'ucr' } as never, 'config/invalid', 'Did you mean "format"?'],
    ['b.tsv', {}, 'data/missing-file', 'there is no file'],
  ])('%s with %j is refused', async (name, options, code, message) => {
    await expect(readSeriesSet(join(folder, name), options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('a long table from a file', async () => {
    expect(await readLabelledCsv(join(folder, 'a.csv'))).toEqual(
      await read(files['a.csv']!).then((set) => ({
        ...set,
        name: 'a.csv',
        origin: { ...set.origin, file: 'a.csv' },
      })),
    );
  });
});
