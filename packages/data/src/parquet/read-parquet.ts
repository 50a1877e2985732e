import { parseConfig } from '@patchbert/errors';
import type { DecodedArray } from 'hyparquet';
import { showText } from '../csv/csv-place.ts';
import { GrowingColumn } from '../csv/growing-column.ts';
import { LARGEST_FLOAT32 } from '../csv/parse-number.ts';
import { parseTime } from '../csv/parse-time.ts';
import { createFrame, type Frame } from '../frame/frame.ts';
import type { Panel } from '../frame/panel.ts';
import { groupRecordings } from '../long/group-recordings.ts';
import { IdColumn, type RowIds } from '../long/id-column.ts';
import { showTime } from '../times/show-time.ts';
import { type ColumnWishes, chooseParquetColumns, type ParquetColumns } from './choose-columns.ts';
import { type OpenParquet, withParquet } from './open-parquet.ts';
import { parquetError } from './parquet-error.ts';
import {
  type LongParquetOptions,
  longParquetOptionsSchema,
  type ParquetOptions,
  parquetOptionsSchema,
} from './parquet-options.ts';

/**
 * Reads a Parquet file with one column per channel and, if it has one, a column of time stamps, row group by row group.
 *
 * Columns are told by the types of the schema. Integers (64-bit ones too), floats, decimals and booleans are values, kept as
 * 32-bit floats; nulls are missing values; time stamps of every unit become milliseconds, rounded down, and count as UTC.
 * Columns that are not numbers are refused unless `channels` leaves them out. An index column that pandas added
 * (`__index_level_0__`) is no channel.
 *
 * @throws PatchBertError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`,
 * `data/bad-parquet`, `data/too-large`, `data/file-changed`, `data/bad-header`, `data/not-numeric`, `data/bad-number`, `data/bad-time`, `data/time-order`,
 * `data/empty-channel`, `data/no-channels`, `data/unknown-channel`, `config/invalid`.
 * @example
 * const frame = await readParquet('load.parquet', { channels: ['OT'] });
 */
export async function readParquet(path: string, options: ParquetOptions = {}): Promise<Frame> {
  const { timeOrder, ...wishes } = parseConfig(parquetOptionsSchema, options, 'readParquet options');
  const { frame } = await readTable(path, wishes);
  if (timeOrder === 'ascending') requireAscending(frame);
  return frame;
}

/**
 * Reads a Parquet file in long form, one row per series and time, as a panel: rows of the same id become one recording,
 * sorted by time; recordings come in the order of their first rows.
 *
 * @throws PatchBertError as `readParquet`, but for `data/time-order`; `data/bad-id`, `data/missing-id`;
 * `data/duplicate-times` naming the series and the time.
 * @example
 * const { frame, segments } = await readLongParquet('sales.parquet', { idColumn: 'store' });
 */
export async function readLongParquet(path: string, options: LongParquetOptions = {}): Promise<Panel> {
  const { idColumn, ...wishes } = parseConfig(longParquetOptionsSchema, options, 'readLongParquet options');
  const { frame, ids } = await readTable(path, { ...wishes, ids: { column: idColumn } });
  return groupRecordings(frame, ids, ({ id, time, rows }) =>
    parquetError(
      'data/duplicate-times',
      frame.name,
      {},
      `rows ${rows[0]} and ${rows[1]} are both of series ${showText(id)} at ${showTime(time)}; expected one row per series and time. Remove one of them.`,
    ),
  );
}

function readTable(path: string, wishes: ColumnWishes): Promise<{ frame: Frame; ids: RowIds }> {
  return withParquet(path, async (file) => {
    const columns = chooseParquetColumns(file.name, file.metadata, wishes);
    const ids = new IdColumn();
    const times = new GrowingColumn((length) => new Float64Array(length));
    const values = columns.channels.map(() => new GrowingColumn((length) => new Float32Array(length)));
    await readColumns(file, columns, (name, data, firstRow) => {
      if (name === columns.id) appendIds(file.name, name, data, firstRow, ids);
      else if (name === columns.time) appendTimes(file.name, name, data, firstRow, times);
      else appendValues(file.name, name, data, firstRow, values[columns.channels.indexOf(name)]!);
    });
    const filled = values.map((column) => column.take());
    filled.forEach((column, c) => {
      if (!column.every(Number.isNaN)) return;
      const place = { column: columns.channels[c]! };
      throw parquetError(
        'data/empty-channel',
        file.name,
        place,
        'has no value at all; leave it out by naming the others in channels.',
      );
    });
    const frame = createFrame({
      name: file.name,
      channels: columns.channels,
      columns: filled,
      ...(columns.time !== undefined && { times: times.take(), timeColumn: columns.time }),
    });
    return { frame, ids: ids.finish() };
  });
}

/** One row group and one column at a time, so that little more than what is kept is in memory. */
async function readColumns(
  file: OpenParquet,
  { id, time, channels }: ParquetColumns,
  take: (name: string, data: DecodedArray, firstRow: number) => void,
): Promise<void> {
  const names = [id, time, ...channels].filter((name) => name !== undefined);
  const scan = await file.scan(names);
  for (const { rowStart, rowEnd } of scan.ranges) {
    for (const column of names) {
      const data = await scan.readColumn({ column, rowStart, rowEnd });
      if (data.length !== rowEnd - rowStart) {
        throw new Error(`column ${showText(column)} has ${data.length} of ${rowEnd - rowStart} values`);
      }
      take(column, data, rowStart);
    }
  }
}

function appendValues(
  file: string,
  column: string,
  data: DecodedArray,
  firstRow: number,
  values: GrowingColumn<Float32Array>,
): void {
  for (let i = 0; i < data.length; i++) {
    const cell = data[i] as number | bigint | boolean | null | undefined;
    const value = cell === null || cell === undefined ? Number.NaN : Number(cell);
    if (Math.abs(value) > LARGEST_FLOAT32) {
      const problem = Number.isFinite(value)
        ? 'beyond the range of 32-bit floats; rescale the column.'
        : 'infinite; expected a finite number, or null for a missing value.';
      throw parquetError('data/bad-number', file, { column, row: firstRow + i }, `is ${value}, ${problem}`);
    }
    values.append(value);
  }
}

function appendTimes(
  file: string,
  column: string,
  data: DecodedArray,
  firstRow: number,
  times: GrowingColumn<Float64Array>,
): void {
  for (let i = 0; i < data.length; i++) {
    const cell = data[i] as number | string | null | undefined;
    const time = typeof cell === 'string' ? parseTime(cell.slice(0, LONGEST_ID).trim())?.time : cell;
    if (time === null || time === undefined) {
      const what = typeof cell === 'string' ? `${showText(cell)}, which is not a time stamp` : 'missing';
      throw parquetError(
        'data/bad-time',
        file,
        { column, row: firstRow + i },
        `is ${what}; every row needs its time.`,
      );
    }
    times.append(time);
  }
}

/** A short file may repeat a long text many times. */
const LONGEST_ID = 1000;

function appendIds(file: string, column: string, data: DecodedArray, firstRow: number, ids: IdColumn): void {
  for (let i = 0; i < data.length; i++) {
    const cell = data[i] as string | number | bigint | null | undefined;
    const id = cell === null || cell === undefined ? '' : String(cell).trim();
    if (id.length > LONGEST_ID) {
      throw parquetError(
        'data/bad-id',
        file,
        { column, row: firstRow + i },
        `is ${showText(id)}, of ${id.length} characters; an id may have ${LONGEST_ID}.`,
      );
    }
    if (id === '') {
      throw parquetError(
        'data/missing-id',
        file,
        { column, row: firstRow + i },
        'is empty; every row needs an id.',
      );
    }
    ids.append(id);
  }
}

function requireAscending({ name, times, timeColumn }: Frame): void {
  if (times === undefined) return;
  for (let row = 1; row < times.length; row++) {
    if (times[row]! > times[row - 1]!) continue;
    const relation = times[row] === times[row - 1] ? 'repeats' : 'is earlier than';
    throw parquetError(
      'data/time-order',
      name,
      { column: timeColumn!, row },
      `is ${showTime(times[row]!)}, which ${relation} that of the row before; sort the table and remove repeats, set timeOrder to "any" to keep rows as they stand, or read a table of several series with its idColumn.`,
    );
  }
}
