import {
  applyScaler,
  createFrame,
  describeFrame,
  fitScaler,
  readCsvStream,
  readLabelledCsvStream,
  readLongCsvStream,
} from '@patchbert/data';
import { describe, expect, test } from 'vitest';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options = {}) => readCsvStream([bytes(text)], 'load.csv', options);
const plain = (columns: readonly Float32Array[]) => columns.map((column) => [...column]);
const LARGEST = 3.4028234663852886e38;

describe('texts that are not what they seem', () => {
  test.each([
    ['UTF-16, low byte first', [0xff, 0xfe, 0x61, 0], 'data/not-utf8', 'UTF-16'],
    ['UTF-16, high byte first', [0xfe, 0xff, 0, 0x61], 'data/not-utf8', 'UTF-16'],
    ['UTF-16 without a mark', [0x61, 0, 0x0a, 0], 'data/not-csv', 'holds zero bytes'],
  ])('%s is refused', async (_, file, code, message) => {
    await expect(readCsvStream([Uint8Array.from(file)], 'load.csv')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('a line end inside quotes is part of the value, and lines are counted on', async () => {
    const frame = await read('"a\nb","c ""d"""\n1,2\n');
    expect(frame.channels).toEqual(['a\nb', 'c "d"']);
    await expect(read('"a\nb",c\n1,2\n"1\n",x\n')).rejects.toThrow('line 4, column "c": "x" is not a number');
  });

  test.each([
    ['a quote that is never closed', 'a,b\n1,"2\n3,4\n', 'line 2: a quote is opened here and never closed'],
    ['more behind a quote', 'a,b\n1,"2"3\n', 'line 2: a quote stands inside a value'],
    ['a quote inside a value', 'a,b\n1,2"3"\n', 'line 2: a quote stands inside a value'],
  ])('%s is refused', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'data/bad-csv',
      message: expect.stringContaining(message),
    });
  });

  test('nothing of a header reaches the prototype of objects', async () => {
    const names = '__proto__,constructor,toString,hasOwnProperty';
    const { channels } = await read(`${names}\n1,2,3,4\n`);
    expect(channels).toEqual(names.split(','));
    await expect(read('__proto__,a,__proto__\n1,2,3\n')).rejects.toMatchObject({ code: 'data/bad-header' });
    expect(Reflect.ownKeys(Object.prototype)).not.toContain('1');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('numbers', () => {
  test('that 64-bit floats round are rounded, zeros keep their sign, small ones become 0', async () => {
    const { columns } = await read('a\n9007199254740993\n-0\n1e-30\n1e-46\n-1e-400\n');
    expect([...columns[0]!]).toEqual([2 ** 53, -0, Math.fround(1e-30), 0, -0]);
  });

  test.each(['1,5', '1.234,5', "1'000", '1 000', '1_000', '0x1f', '1e400', 'Infinity', '-', 'nul', '١٢'])(
    '%s is never guessed',
    async (cell) => {
      await expect(read(`a;b\n1;${cell}\n`, { delimiter: ';' })).rejects.toMatchObject({
        code: 'data/bad-number',
        message: expect.stringContaining(`line 2, column "b": ${JSON.stringify(cell)} is`),
      });
    },
  );

  test('alternate between the largest there are without harm to statistics or scaling', async () => {
    const cells = Array.from({ length: 100 }, (_, row) => (row % 2 === 0 ? LARGEST : -LARGEST));
    const frame = await read(`a,b,c\n${cells.map((cell) => `${cell},1e30,1e-30`).join('\n')}\n`);
    const scaler = fitScaler(frame, { start: 0, end: frame.length });
    const scaled = plain(applyScaler(frame, scaler).columns);
    expect(scaled[0]!.every((value) => Math.abs(Math.abs(value) - 1) < 1e-6)).toBe(true);
    // Constant channels, huge and tiny.
    expect(
      scaled
        .slice(1)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    expect(describeFrame(frame).channels.every(({ mean }) => Number.isFinite(mean))).toBe(true);
    await expect(read('a\n3.5e38\n')).rejects.toThrow('beyond the range of 32-bit floats');
  });

  test('an infinite value in memory is named by channel and row', () => {
    const columns = [Float32Array.of(1, 2), Float32Array.of(3, Number.NEGATIVE_INFINITY)];
    expect(() => createFrame({ name: 'demo', channels: ['x', 'y'], columns })).toThrow(
      'channel "y" row 1 is -Infinity; expected a finite number or NaN for missing',
    );
  });
});

describe('shapes', () => {
  test('10,000 channels of 100 rows', async () => {
    const names = Array.from({ length: 10_000 }, (_, c) => `c${c}`).join(',');
    const row = Array.from({ length: 10_000 }, (_, c) => c % 10).join(',');
    const { channels, columns, length } = await read(`${names}\n${`${row}\n`.repeat(100)}`);
    expect([channels.length, length]).toEqual([10_000, 100]);
    expect([...columns[9_999]!.subarray(0, 2)]).toEqual([9, 9]);
  });

  test('more columns than a table may have', async () => {
    await expect(read(`${','.repeat(70_000)}\n`)).rejects.toMatchObject({
      code: 'data/too-large',
      message: expect.stringContaining('line 1 has 70001 columns; a table may have 65,536'),
    });
  });

  test('missing values at the ends, one value only, one row only', async () => {
    const { columns } = await read('a,b\n,\n1,5\n,\n');
    expect(plain(columns)).toEqual([
      [Number.NaN, 1, Number.NaN],
      [Number.NaN, 5, Number.NaN],
    ]);
    expect((await read('a\n1\n')).length).toBe(1);
  });
});

describe('time stamps', () => {
  const times = async (...stamps: string[]) => [
    ...(await read(`date,x\n${stamps.map((stamp) => `${stamp},1\n`).join('')}`)).times!,
  ];

  test('the hour that summer time skips and the one that winter time repeats', async () => {
    // Without a zone every clock time exists, and a repeated one is a repeat.
    expect(await times('2024-03-31 01:30', '2024-03-31 02:30', '2024-03-31 03:30')).toHaveLength(3);
    await expect(times('2024-10-27 02:30', '2024-10-27 02:30')).rejects.toThrow('repeats');
    // With zones the same instants are one hour apart.
    const [first, second] = await times('2024-10-27T02:30+02:00', '2024-10-27T02:30+01:00');
    expect(second! - first!).toBe(3_600_000);
    const [before, after] = await times('2024-03-31T01:30+01:00', '2024-03-31T03:30+02:00');
    expect(after! - before!).toBe(3_600_000);
  });

  test.each(['1577836800', '1577836800000', '1577836800000000'])(
    'seconds, milliseconds or microseconds since 1970 are not told apart by guessing: %s',
    async (stamp) => {
      await expect(times(stamp)).rejects.toMatchObject({
        code: 'data/bad-time',
        message: expect.stringContaining('set timeColumn to false to read the column as numbers'),
      });
    },
  );

  test('the years 0 and 9999 are read, 10000 is not; the 29th of February only where there is one', async () => {
    expect(await times('0000-01-01', '0004-02-29', '9999-12-31')).toHaveLength(3);
    for (const stamp of ['10000-01-01', '1900-02-29', '2023-02-29', '2024-02-30']) {
      await expect(times(stamp)).rejects.toThrow(`${JSON.stringify(stamp)} is not a time stamp`);
    }
  });
});

describe('ids', () => {
  test('are kept apart by case, by form of Unicode and by leading zeros; blanks around them are not', async () => {
    const [composed, decomposed] = ['\u00e9', 'e\u0301'];
    const ids = ['a', 'A', composed, decomposed, '1', '001', '1.0'];
    const { segments } = await readLongCsvStream(
      [bytes(`id,x\n${[...ids, 'a '].map((id) => `${id},1\n`).join('')}`)],
      'sales.csv',
    );
    expect(segments.map(({ id }) => id)).toEqual(ids);
    expect(segments[0]).toMatchObject({ start: 0, end: 2 });
  });

  test('of labelled series likewise', async () => {
    const text = `id,x,label\n${['1', '001', '1'].map((id) => `${id},1,u\n${id},2,u\n`).join('')}`;
    const { series } = await readLabelledCsvStream([bytes(text)], 'gestures.csv');
    expect(series.map(({ id }) => id)).toEqual(['1', '001']);
  });
});

describe('columns of other kinds', () => {
  test.each([
    ['a text as a value', 'x,kind\n1,wet\n', '"wet" is not a number'],
    ['a truth value', 'x,open\n1,true\n', '"true" is not a number'],
    ['a category that looks like one', 'x,kind\n1,A1\n', '"A1" is not a number'],
  ])('%s is no number, and the message says how to leave it out', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toThrow('leave the column out by naming the others in channels');
    expect((await read(text, { channels: ['x'] })).channels).toEqual(['x']);
  });
});
