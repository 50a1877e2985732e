import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CsvOptions, hashFile, readCsv, readCsvStream } from '@patchbert/data';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const read = (text: string | Uint8Array, options?: CsvOptions) =>
  readCsvStream([typeof text === 'string' ? new TextEncoder().encode(text) : text], 'load.csv', options);

const columnsOf = async (text: string, options?: CsvOptions) =>
  (await read(text, options)).columns.map((column) => [...column]);

describe('what is read', () => {
  test.each([
    ['no final newline', 'a,b\n1,2\n3,4'],
    ['final newline', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['lone CR', 'a,b\r1,2\r3,4\r'],
    ['mixed line ends', 'a,b\n1,2\r\n3,4\r\n'],
    ['byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['blank lines', '\na,b\n\n1,2\n\n3,4\n\n\n'],
    ['spaces around values and names', ' a , b \n 1, 2\n3 ,\t4\n'],
    ['quoted values', '"a","b"\n"1","2"\n"3",4\n'],
  ])('%s', async (_, text) => {
    expect((await read(text)).channels).toEqual(['a', 'b']);
    expect(await columnsOf(text)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('plain decimal numbers in all their spellings', async () => {
    const [column] = await columnsOf('a\n-0\n.5\n5.\n+5\n1e5\n-2.5E-3\n007\n9007199254740993\n');
    const expected = [-0, 0.5, 5, 5, 1e5, -2.5e-3, 7, 9007199254740992].map(Math.fround);
    expect(column).toEqual(expected);
  });

  test('the usual texts for a missing value become NaN, and only those', async () => {
    const [column] = await columnsOf('a,b\n1,0\n,0\nNA,0\nNaN,0\nnan,0\nnull,0\nN/A,0\n ? ,0\n');
    expect(column!.slice(1).every(Number.isNaN)).toBe(true);
    expect(await columnsOf('a,b\n1,-\n-,2\n', { missing: ['-'] })).toEqual([
      [1, Number.NaN],
      [Number.NaN, 2],
    ]);
    await expect(read('a,b\n1,\n2,3\n', { missing: ['-'] })).rejects.toThrow(
      'line 2, column "b": "" is not a number',
    );
  });

  test('a number can stand for a missing value', async () => {
    expect(await columnsOf('a,b\n-9999,1\n2,-9999\n 3 , -9999\n', { missing: ['-9999'] })).toEqual([
      [Number.NaN, 2, 3],
      [1, Number.NaN, Number.NaN],
    ]);
  });

  test('columns named like object internals are ordinary columns', async () => {
    const frame = await read('__proto__,constructor,toString\n1,2,3\n');
    expect(frame.channels).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['0']).toBeUndefined();
  });

  test('a first column of times is noticed by its name or its first value', async () => {
    const named = await read('Date,x\n2016-07-01 00:00:00,1\n2016-07-01 00:15:00,2\n');
    expect(named.timeColumn).toBe('Date');
    expect([...named.times!]).toEqual([Date.UTC(2016, 6, 1), Date.UTC(2016, 6, 1, 0, 15)]);
    const byValue = await read('when,x\n1990/1/1 0:00,1\n1990/1/2 0:00,2\n');
    expect(byValue.channels).toEqual(['x']);
    const none = await read('time,x\n0,1\n1,2\n', { timeColumn: false });
    expect(none.channels).toEqual(['time', 'x']);
    const later = await read('id,when,x\n7,2020-01-01,1\n', { timeColumn: 'when' });
    expect(later.channels).toEqual(['id', 'x']);
  });

  test('channels are chosen and ordered, and the others are not looked at', async () => {
    const frame = await read('date,wind,OT\n2020-01-01,NW,5\n2020-01-02,SE,6\n', { channels: ['OT'] });
    expect(frame.channels).toEqual(['OT']);
    expect([...frame.columns[0]!]).toEqual([5, 6]);
  });

  test('a file without a header, and another delimiter', async () => {
    const frame = await read('1;2\n3;4\n', { header: false, delimiter: ';' });
    expect(frame.channels).toEqual(['column1', 'column2']);
    expect(frame.columns.map((column) => [...column])).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('10,000 columns, and chunks cut anywhere', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',');
    const row = Array.from({ length: 10_000 }, (_, i) => i).join(',');
    const frame = await read(`${names}\n${row}\n${row}\n`);
    expect(frame.columns[9_999]![1]).toBe(9_999);

    const bytes = new TextEncoder().encode('\ufeffzeit,"µg/m³"\r\n2020-01-01,"1"\r\n2020-01-02,NA\r\n');
    const singly = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const cut = await readCsvStream(singly, 'cut.csv');
    expect(cut.channels).toEqual(['µg/m³']);
    expect([...cut.columns[0]!]).toEqual([1, Number.NaN]);
  });

  test('any table of 32-bit floats comes back as it was', async () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }))
      .chain(([width, height]) =>
        fc.array(fc.array(fc.float({ noDefaultInfinity: true }), { minLength: width, maxLength: width }), {
          minLength: height,
          maxLength: height,
        }),
      )
      .filter((rows) => rows[0]!.every((_, c) => rows.some((row) => !Number.isNaN(row[c]))));
    const lineEnds = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(table, lineEnds, async (rows, end) => {
        const header = rows[0]!.map((_, c) => `c${c}`).join(',');
        const body = rows.map((row) =>
          row.map((value) => (Object.is(value, -0) ? '-0' : `${value}`)).join(','),
        );
        const columns = await columnsOf([header, ...body].join(end));
        expect(columns).toEqual(rows[0]!.map((_, c) => rows.map((row) => row[c])));
      }),
      { seed: 41, numRuns: 60 },
    );
  });

  test('any bytes give a frame or a typed error, never anything else', async () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .string({ unit: fc.constantFrom(...'12.,\n\r"a;-eN '), maxLength: 60 })
        .map((s) => new TextEncoder().encode(s)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (bytes) => {
        try {
          expect((await read(bytes)).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ name: 'PatchBertError', code: expect.stringMatching(/^data\//) });
          expect((error as Error).message).not.toContain('\n');
        }
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});

describe('what is refused, and how it is said', () => {
  const again = 'correct it, list it in missing, or leave the column out by naming the others in channels.';
  const marks = 'is not a plain number; write numbers like 1234.5, without other marks.';
  test.each([
    ['1_000', `"1_000" ${marks}`],
    ['"1,5"', `"1,5" ${marks}`],
    ['"1.234,5"', `"1.234,5" ${marks}`],
    ["1'000", `"1'000" ${marks}`],
    ['1 000', `"1 000" ${marks}`],
    ['0x1f', '"0x1f" is not a decimal number; write it in decimal.'],
    ['Infinity', '"Infinity" is infinite; expected a finite number, or NaN for a missing value.'],
    ['1e400', '"1e400" is beyond the range of numbers; expected a finite number.'],
    ['1e39', '"1e39" is beyond the range of 32-bit floats; rescale the column.'],
    ['1;2', '"1;2" is not a number; set delimiter if it is ";".'],
    ['-', `"-" is not a number; ${again}`],
    ['NW', `"NW" is not a number; ${again}`],
    ['true', `"true" is not a number; ${again}`],
    ['=cmd', `"=cmd" is not a number; ${again}`],
    [
      '2020-01-01',
      '"2020-01-01" is a time stamp; set timeColumn to "b", or leave the column out by naming the others in channels.',
    ],
  ])('the value %s', async (value, problem) => {
    await expect(read(`a,b\n1,2\n\n3,${value}\n`)).rejects.toMatchObject({
      code: 'data/bad-number',
      message: `readCsv: "load.csv" line 4, column "b": ${problem}`,
    });
  });

  test('a long value is cut in the message', async () => {
    await expect(read(`a,b\n1,${'z'.repeat(5000)}\n`)).rejects.toThrow(
      `"${'z'.repeat(39)}…" is not a number`,
    );
  });

  test.each<[string, string, CsvOptions | undefined, string, string]>([
    [
      'an empty file',
      '',
      undefined,
      'data/empty-file',
      '"load.csv" is empty; expected a header and rows of values.',
    ],
    [
      'a header only',
      'a,b\n',
      undefined,
      'data/empty-file',
      '"load.csv" has a header but no rows of values.',
    ],
    [
      'a long row',
      'a,b\n1,2\n1,2,3\n',
      undefined,
      'data/ragged-row',
      'line 3 has 3 values; the header has 2.',
    ],
    ['a short row', 'a,b\n1\n', undefined, 'data/ragged-row', 'line 2 has 1 values; the header has 2.'],
    ['a short row without header', '1,2\n1\n', { header: false }, 'data/ragged-row', 'the first line has 2.'],
    [
      'a blank line that could be a value',
      'a\n1\n\n2\n',
      undefined,
      'data/ragged-row',
      'line 3 is blank; in a file of one column write NA',
    ],
    [
      'a repeated name',
      'a,b,a\n1,2,3\n',
      undefined,
      'data/bad-header',
      'line 1, column "a": the name comes twice; rename one of them.',
    ],
    [
      '__proto__ twice',
      '__proto__,__proto__\n1,2\n',
      undefined,
      'data/bad-header',
      'column "__proto__": the name comes twice',
    ],
    [
      'an index column',
      ',b\n0,2\n',
      undefined,
      'data/bad-header',
      'column 1 has no name; name it, or write the file without an index column.',
    ],
    [
      'a trailing delimiter',
      'a,b,\n1,2,\n',
      undefined,
      'data/bad-header',
      'column 3 has no name; name it, or remove it.',
    ],
    [
      'no header',
      '1,2\n3,4\n',
      undefined,
      'data/bad-header',
      'the header names nothing, it is a row of values ("1", "2"); set header to false, or give the columns names.',
    ],
    [
      'a row of time and values for a header',
      '2024-01-01,2\n2024-01-02,4\n',
      undefined,
      'data/bad-header',
      'the header names nothing',
    ],
    [
      'a header where none was promised',
      'a,b\n1,2\n',
      { header: false },
      'data/bad-number',
      'if the first line names the columns, set header to true.',
    ],
    [
      'joined files',
      'a,b\n1,2\na,b\n',
      undefined,
      'data/bad-number',
      'line 3, column "a": the header comes again; remove this line (were files joined?).',
    ],
    [
      'a channel without values',
      'a,b\n1,NA\n2,\n',
      undefined,
      'data/empty-channel',
      'column "b" has no value at all; leave it out by naming the others in channels.',
    ],
    [
      'only times',
      'date\n2020-01-01\n',
      undefined,
      'data/no-channels',
      'has no column beside the time column "date".',
    ],
    [
      'an unknown channel',
      'HUFL,OT\n1,2\n',
      { channels: ['OTT'] },
      'data/unknown-channel',
      'has no column "OTT". Did you mean "OT"?',
    ],
    [
      'the time column as channel',
      'date,OT\n2020-01-01,2\n',
      { channels: ['date'] },
      'data/no-channels',
      'is the time column',
    ],
    [
      'a channel asked for twice',
      'a,b\n1,2\n',
      { channels: ['a', 'a'] },
      'data/no-channels',
      'name a column twice',
    ],
    [
      'a misspelt option',
      'a\n1\n',
      { delimeter: ';' } as CsvOptions,
      'config/invalid',
      'unknown key "delimeter". Did you mean "delimiter"?',
    ],
    [
      'an open quote',
      'a,b\n1,2\n"3,4\n5,6\n',
      undefined,
      'data/bad-csv',
      'line 3: a quote is opened here and never closed.',
    ],
    [
      'a quote inside a value',
      'a,b\n1"2,3\n',
      undefined,
      'data/bad-csv',
      'line 2: a quote stands inside a value',
    ],
    ['a web page', '<!DOCTYPE html><html>', undefined, 'data/not-csv', 'is a web page'],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\n',
      undefined,
      'data/not-csv',
      'Git LFS pointer',
    ],
    ['a binary file', 'a\n\0\n', undefined, 'data/not-csv', 'holds zero bytes; expected UTF-8 text.'],
  ])('%s', async (_, text, options, code, problem) => {
    const failure = await read(text, options).catch((error: Error) => error);
    expect(failure).toMatchObject({ code });
    expect((failure as Error).message).toContain(problem);
  });

  test.each<[string, number[], string]>([
    ['UTF-16', [0xff, 0xfe, 0x61, 0], 'is UTF-16 text; save it as UTF-8.'],
    ['Latin-1', [0x61, 0x0a, 0xe9, 0x0a], 'is not UTF-8 text; save it as UTF-8.'],
    ['UTF-8 cut in a character', [0x61, 0x0a, 0x31, 0x0a, 0xc3], 'is not UTF-8 text'],
    ['gzip', [0x1f, 0x8b, 8, 0], 'is gzip-compressed; unpack it first.'],
    ['zip', [0x50, 0x4b, 3, 4], 'is a zip archive or a spreadsheet'],
  ])('%s', async (_, bytes, problem) => {
    await expect(read(Uint8Array.from(bytes))).rejects.toThrow(problem);
  });

  test('a line without end stops early, with bounded memory', async () => {
    let produced = 0;
    function* endless() {
      yield new TextEncoder().encode('a,b\n1,"');
      for (; produced < 10_000; produced++) yield new Uint8Array(1 << 20).fill(0x31);
    }
    await expect(readCsvStream(endless(), 'load.csv')).rejects.toMatchObject({
      code: 'data/bad-csv',
      message: expect.stringContaining('line 2 is longer than 16 MiB'),
    });
    expect(produced).toBeLessThan(64);
  });
});

describe('time stamps', () => {
  const times = (stamps: readonly string[], options?: CsvOptions) =>
    read(`date,x\n${stamps.map((stamp) => `${stamp},1\n`).join('')}`, options).then((frame) => [
      ...frame.times!,
    ]);

  test('a zone is honoured, so the repeated hour of a clock change is in order', async () => {
    const [first, second] = await times(['2020-10-25T02:00+02:00', '2020-10-25T02:00+01:00']);
    expect(first).toBe(Date.UTC(2020, 9, 25, 0));
    expect(second).toBe(Date.UTC(2020, 9, 25, 1));
  });

  test.each([
    ['a leap day', '2024-02-29', Date.UTC(2024, 1, 29)],
    ['a fraction of a second', '2024-01-01T00:00:00.123456Z', Date.UTC(2024, 0, 1) + 123],
    ['the first years', '0001-01-01', new Date('0001-01-01T00:00:00Z').getTime()],
    ['minutes without seconds', '2024-1-2 3:04', Date.UTC(2024, 0, 2, 3, 4)],
  ])('%s', async (_, stamp, expected) => {
    expect(await times([stamp])).toEqual([expected]);
  });

  test.each([
    '2023-02-29',
    '2020-13-01',
    '2020-01-01 24:00',
    '2020-01-01 10:60',
    '01/02/2020',
    '1577836800',
    '2020-01',
    '',
    'NA',
    '10000-01-01',
    '2020-01-01T00:00+25:00',
  ])('refuses %s', async (stamp) => {
    await expect(times(['2020-01-01', stamp])).rejects.toMatchObject({
      code: 'data/bad-time',
      message: expect.stringContaining(
        `line 3, column "date": ${JSON.stringify(stamp)} is not a time stamp; write it like`,
      ),
    });
  });

  test('order and repeats are errors unless any order is asked for', async () => {
    await expect(times(['2020-01-02', '2020-01-01'])).rejects.toThrow(
      '"2020-01-01" is earlier than "2020-01-02"',
    );
    await expect(times(['2020-01-01', '2020-01-01'])).rejects.toThrow('"2020-01-01" repeats "2020-01-01"');
    expect(await times(['2020-01-02', '2020-01-01'], { timeOrder: 'any' })).toHaveLength(2);
  });

  test('zones on some lines only are refused', async () => {
    await expect(times(['2020-01-01T00:00Z', '2020-01-02T00:00'])).rejects.toThrow('lacks a zone');
  });

  test('every time that Date can print reads back', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    return fc.assert(
      fc.asyncProperty(dates, async (date) => {
        expect(await times([date.toISOString()])).toEqual([date.getTime()]);
      }),
      { seed: 49, numRuns: 100 },
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbert-data-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a file is read, and a file is hashed', async () => {
    const path = join(folder, 'load.csv');
    await writeFile(path, 'a\n1\n');
    expect(await readCsv(path)).toMatchObject({ name: 'load.csv', channels: ['a'], length: 1 });
    await writeFile(join(folder, 'abc'), 'abc'); // FIPS 180-4, example B.1
    expect(await hashFile(join(folder, 'abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('a missing file and a folder', async () => {
    await expect(readCsv(join(folder, 'nope.csv'))).rejects.toMatchObject({ code: 'data/missing-file' });
    await expect(readCsv(folder)).rejects.toMatchObject({ code: 'data/not-a-file' });
    await expect(hashFile(join(folder, 'nope.csv'))).rejects.toMatchObject({ code: 'data/missing-file' });
    await expect(hashFile(folder)).rejects.toMatchObject({ code: 'data/not-a-file' });
    await expect(readCsv('a\0b')).rejects.toMatchObject({ code: 'data/unreadable-file' });
  });
});
