import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LongParquetOptions,
  type ParquetOptions,
  readLongParquet,
  readParquet,
  segmentFrame,
} from '@patchbert/data';
import fc from 'fast-check';
import { ByteWriter, parquetWrite, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];
type Columns = Column[];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function store(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'load.parquet');
  await writeFile(path, bytes);
  return path;
}

const bytesOf = (columnData: Columns) => new Uint8Array(parquetWriteBuffer({ columnData }));
const read = async (columns: Columns, options?: ParquetOptions) =>
  readParquet(await store(bytesOf(columns)), options);
const readLong = async (columns: Columns, options?: LongParquetOptions) =>
  readLongParquet(await store(bytesOf(columns)), options);

/** A file with an explicit schema of flat columns. */
function withSchema(
  columns: readonly { data: unknown[]; element: Record<string, unknown> & { name: string } }[],
) {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: columns.map(({ data, element }) => ({ name: element.name, data })),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ element }) => ({ repetition_type: 'OPTIONAL' as const, ...element })),
    ],
  });
  return new Uint8Array(writer.getBuffer());
}

const hour = (h: number) => new Date(Date.UTC(2024, 0, 1, h));

describe('what is read', () => {
  test('numbers of every type are values, nulls are missing', async () => {
    const frame = await read([
      { name: 'double', data: [1.5, null, -2], type: 'DOUBLE' },
      { name: 'float', data: [0.5, 1, null], type: 'FLOAT' },
      { name: 'int32', data: [1, 2, 3], type: 'INT32' },
      { name: 'int64', data: [2n ** 53n + 1n, null, -7n], type: 'INT64' },
      { name: 'flag', data: [true, false, null], type: 'BOOLEAN' },
    ]);
    expect(frame).toMatchObject({ name: 'load.parquet', length: 3 });
    expect(frame.times).toBeUndefined();
    expect(frame.channels).toEqual(['double', 'float', 'int32', 'int64', 'flag']);
    expect(frame.columns.map((column) => [...column])).toEqual([
      [1.5, Number.NaN, -2],
      [0.5, 1, Number.NaN],
      [1, 2, 3],
      [2 ** 53, Number.NaN, -7],
      [1, 0, Number.NaN],
    ]);
  });

  test('any 32-bit values come back as they were, over several row groups', async () => {
    const cell = fc.option(fc.float({ noDefaultInfinity: true, noNaN: true }), { freq: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        async (cells, rows) => {
          const data = [...cells, 1];
          const bytes = parquetWriteBuffer({
            columnData: [{ name: 'x', data, type: 'FLOAT' }],
            rowGroupSize: rows,
          });
          const { columns } = await readParquet(await store(new Uint8Array(bytes)));
          expect(columns[0]).toEqual(Float32Array.from(data, (value) => value ?? Number.NaN));
        },
      ),
      { seed: 51, numRuns: 50 },
    );
  });

  test('decimals, whether old or new writers wrote them', async () => {
    const decimal = { type: 'INT32', scale: 2, precision: 6 };
    const bytes = withSchema([
      { data: [12.25, null, -0.5], element: { name: 'old', ...decimal, converted_type: 'DECIMAL' } },
      {
        data: [12.25, null, -0.5],
        element: {
          name: 'both',
          ...decimal,
          converted_type: 'DECIMAL',
          logical_type: { type: 'DECIMAL', scale: 2, precision: 6 },
        },
      },
    ]);
    const { columns } = await readParquet(await store(bytes));
    for (const column of columns) expect([...column]).toEqual([12.25, Number.NaN, -0.5]);
  });

  test.each([
    ['MILLIS', 1n],
    ['MICROS', 1_000n],
    ['NANOS', 1_000_000n],
  ])('time stamps in %s, before 1970 too', async (unit, perMillisecond) => {
    const times = [-1n, 0n, 1_700_000_000_123n];
    const stamp = { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit } };
    const bytes = withSchema([
      { data: [1, 2, 3], element: { name: 'x', type: 'INT32' } },
      {
        data: times.map((time) => time * perMillisecond + (perMillisecond - 1n)),
        element: { name: 'when', ...stamp },
      },
    ]);
    const frame = await readParquet(await store(bytes));
    expect(frame.timeColumn).toBe('when');
    expect([...frame.times!]).toEqual(times.map(Number));
    expect(frame.channels).toEqual(['x']);
  });

  test('dates, and texts of time stamps in a column with a usual name', async () => {
    const bytes = withSchema([
      { data: [hour(0), hour(24)], element: { name: 'day', type: 'INT32', converted_type: 'DATE' } },
      { data: [1, 2], element: { name: 'x', type: 'DOUBLE' } },
    ]);
    expect([...(await readParquet(await store(bytes))).times!]).toEqual([+hour(0), +hour(24)]);
    const texts = await read([
      { name: 'Date', data: ['2024-01-01 00:00', '2024-01-01 01:00'], type: 'STRING' },
      { name: 'x', data: [1, 2], type: 'DOUBLE' },
    ]);
    expect([...texts.times!]).toEqual([+hour(0), +hour(1)]);
  });

  test('channels are chosen, and the others not looked at', async () => {
    const columns: Columns = [
      { name: 'city', data: ['a', 'b'], type: 'STRING' },
      { name: 'a.b', data: [1, 2], type: 'DOUBLE' },
      { name: 'c', data: [3, 4], type: 'DOUBLE' },
    ];
    const frame = await read(columns, { channels: ['c', 'a.b'] });
    expect(frame.channels).toEqual(['c', 'a.b']);
    expect([...frame.columns[1]!]).toEqual([1, 2]);
  });

  test('the row numbers of pandas are no channel', async () => {
    const frame = await read([
      { name: 'x', data: [1, 2], type: 'DOUBLE' },
      { name: '__index_level_0__', data: [0n, 5n], type: 'INT64' },
    ]);
    expect(frame.channels).toEqual(['x']);
  });

  test('a long table becomes a panel', async () => {
    const panel = await readLong(
      [
        { name: 'store', data: ['b', 'a', 'b', 'a', 'b'], type: 'STRING' },
        { name: 'when', data: [2, 0, 1, 3, 0].map(hour), type: 'TIMESTAMP' },
        { name: 'sales', data: [12, 20, 11, 23, 10], type: 'INT32' },
      ],
      { idColumn: 'store' },
    );
    expect(panel.segments).toEqual([
      { id: 'b', start: 0, end: 3 },
      { id: 'a', start: 3, end: 5 },
    ]);
    expect([...segmentFrame(panel, 0).columns[0]!]).toEqual([10, 11, 12]);
    expect([...panel.frame.columns[0]!]).toEqual([10, 11, 12, 20, 23]);
    const numbered = await readLong([
      { name: 'id', data: [7n, 7n, 2n ** 60n], type: 'INT64' },
      { name: 'x', data: [1, 2, 3], type: 'DOUBLE' },
    ]);
    expect(numbered.segments.map(({ id }) => id)).toEqual(['7', '1152921504606846976']);
  });
});

describe('what is refused, and how it is said', () => {
  const x: Column = { name: 'x', data: [1, 2], type: 'DOUBLE' };
  const refused = (attempt: Promise<unknown>, code: string, message: string) =>
    expect(attempt).rejects.toMatchObject({ code, message: expect.stringContaining(message) });

  test.each<[string, Columns, ParquetOptions, string, string]>([
    [
      'a text column',
      [x, { name: 'city', data: ['a', 'b'], type: 'STRING' }],
      {},
      'data/not-numeric',
      'column "city" holds texts; expected numbers.',
    ],
    [
      'a nested column',
      [x, { name: 'list', data: [{ a: 1 }, { a: 2 }], type: 'VARIANT' }],
      {},
      'data/not-numeric',
      'column "list" holds nested values',
    ],
    ['an unknown channel', [x], { channels: ['y'] }, 'data/unknown-channel', 'has no column "y".'],
    ['a channel twice', [x], { channels: ['x', 'x'] }, 'data/no-channels', 'name a column twice'],
    [
      'no channel',
      [{ name: 'when', data: [hour(0), hour(1)], type: 'TIMESTAMP' }],
      {},
      'data/no-channels',
      'has no column of values',
    ],
    [
      'only nulls',
      [x, { name: 'y', data: [null, null], type: 'DOUBLE' }],
      {},
      'data/empty-channel',
      'column "y" has no value at all',
    ],
    [
      'a number beyond 32 bits',
      [{ ...x, data: [1, 1e39] }],
      {},
      'data/bad-number',
      'column "x" row 1 is 1e+39, beyond the range',
    ],
    [
      'infinity',
      [{ ...x, data: [1, Number.NEGATIVE_INFINITY] }],
      {},
      'data/bad-number',
      'row 1 is -Infinity, infinite',
    ],
    [
      'a missing time',
      [x, { name: 'when', data: [hour(0), null], type: 'TIMESTAMP' }],
      {},
      'data/bad-time',
      'column "when" row 1 is missing',
    ],
    [
      'a repeated time',
      [x, { name: 'when', data: [hour(0), hour(0)], type: 'TIMESTAMP' }],
      {},
      'data/time-order',
      'column "when" row 1 is 2024-01-01T00:00:00Z, which repeats',
    ],
    [
      'times that go back',
      [x, { name: 'when', data: [hour(1), hour(0)], type: 'TIMESTAMP' }],
      {},
      'data/time-order',
      'is earlier than',
    ],
    [
      'text that is no time',
      [x, { name: 'date', data: ['2024-01-01', 'soon'], type: 'STRING' }],
      {},
      'data/bad-time',
      'row 1 is "soon", which is not a time stamp',
    ],
    [
      'numbers as times',
      [x, { name: 't', data: [1, 2], type: 'INT32' }],
      { timeColumn: 't' },
      'data/bad-time',
      'column "t" holds numbers',
    ],
    [
      'two columns of times',
      [
        x,
        { name: 'from', data: [hour(0), hour(1)], type: 'TIMESTAMP' },
        { name: 'to', data: [hour(1), hour(2)], type: 'TIMESTAMP' },
      ],
      {},
      'data/bad-header',
      'has several columns of time stamps ("from", "to")',
    ],
  ])('%s', async (_, columns, options, code, message) => {
    await refused(read(columns, options), code, message);
  });

  test('rows as they stand, when asked for', async () => {
    const columns: Columns = [x, { name: 'when', data: [hour(1), hour(0)], type: 'TIMESTAMP' }];
    expect([...(await read(columns, { timeOrder: 'any' })).times!]).toEqual([+hour(1), +hour(0)]);
  });

  test('ids that are missing or come twice at one time', async () => {
    const id: Column = { name: 'id', data: ['a', 'a'], type: 'STRING' };
    const when: Column = { name: 'when', data: [hour(1), hour(1)], type: 'TIMESTAMP' };
    await refused(
      readLong([id, when, x]),
      'data/duplicate-times',
      'rows 0 and 1 are both of series "a" at 2024-01-01T01:00:00Z',
    );
    await refused(
      readLong([{ ...id, data: ['a', null] }, x]),
      'data/missing-id',
      'column "id" row 1 is empty',
    );
    await refused(readLong([x]), 'data/unknown-channel', 'has no column with a usual name for ids');
  });

  test('what is no Parquet file', async () => {
    const whole = bytesOf([x]);
    const encrypted = Uint8Array.from([...whole.subarray(0, -4), ...new TextEncoder().encode('PARE')]);
    const attempt = async (bytes: Uint8Array) => readParquet(await store(bytes));
    await refused(attempt(new Uint8Array(0)), 'data/empty-file', 'is empty');
    await refused(
      attempt(new TextEncoder().encode('a,b\n1,2\n')),
      'data/bad-parquet',
      'is not a Parquet file',
    );
    await refused(attempt(encrypted), 'data/bad-parquet', 'is encrypted');
    await refused(attempt(bytesOf([{ ...x, data: [] }])), 'data/empty-file', 'has no row');
    await refused(readParquet(join(folder, 'none.parquet')), 'data/missing-file', 'there is no file');
    await refused(readParquet(folder), 'data/not-a-file', 'is not a file');
  });

  test('a file that is cut off, wherever', async () => {
    const whole = bytesOf([x, { name: 'when', data: [hour(0), hour(1)], type: 'TIMESTAMP' }]);
    for (let length = 1; length < whole.length; length++) {
      await refused(readParquet(await store(whole.subarray(0, length))), 'data/bad-parquet', 'load.parquet');
    }
    // The footer is there, the bytes it speaks of are not.
    await refused(readParquet(await store(whole.subarray(40))), 'data/bad-parquet', 'is not a Parquet file');
    const holed = Uint8Array.from([...whole.subarray(0, 4), ...whole.subarray(60)]);
    await refused(readParquet(await store(holed)), 'data/bad-parquet', 'cannot be read');
  });

  test('a byte that changed anywhere ends in values or in one line', async () => {
    const whole = bytesOf([x, { name: 'when', data: [hour(0), hour(1)], type: 'TIMESTAMP' }]);
    for (let place = 0; place < whole.length; place++) {
      const changed = whole.slice();
      changed[place]! ^= 0xff;
      const failure = await readParquet(await store(changed)).catch(
        (error: Error & { code?: string }) => error,
      );
      if (!(failure instanceof Error)) continue;
      expect(failure.code).toMatch(/^data\//);
      expect(failure.message).not.toContain('\n');
    }
  });
});
