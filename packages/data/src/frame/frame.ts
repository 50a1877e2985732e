import { PatchBertError } from '@patchbert/errors';

/** A table of equally long numeric channels, in time order; NaN is a missing value. */
export interface Frame {
  /** Where the values came from, such as `load.csv`; only for messages and reports. */
  readonly name: string;
  readonly channels: readonly string[];
  /** Number of rows. */
  readonly length: number;
  /** One column per channel, `length` values each. */
  readonly columns: readonly Float32Array[];
  /** Milliseconds since 1970-01-01 UTC, one per row. */
  readonly times?: Float64Array;
  /** Name of the column the times came from. */
  readonly timeColumn?: string;
}

export type FrameParts = Omit<Frame, 'length'>;

/** More rows than a typed array of times holds in every version of Node. */
export const MOST_ROWS = 2 ** 29;

/** The largest time a `Date` can hold, in milliseconds. */
export const LATEST_TIME = 8.64e15;

/**
 * Checks the parts of a frame and joins them; the columns are kept, not copied.
 *
 * @throws PatchBertError `data/bad-frame` for no channel, no row, repeated names, columns of other lengths,
 * an infinite value (NaN is a missing value and allowed) or a time that is not a number.
 * @example
 * const frame = createFrame({ name: 'demo', channels: ['load'], columns: [Float32Array.of(1, Number.NaN, 3)] });
 */
export function createFrame(parts: FrameParts): Frame {
  const { name, channels, columns, times, timeColumn } = parts;
  const fail = (problem: string): never => {
    throw new PatchBertError('data/bad-frame', `createFrame: ${JSON.stringify(name)} ${problem}`);
  };
  if (channels.length === 0) fail('has no channel; expected at least one.');
  if (columns.length !== channels.length) {
    fail(`has ${columns.length} columns for ${channels.length} channels; expected one per channel.`);
  }
  checkNames(channels, fail);
  const length = columns[0]!.length;
  if (length === 0) fail('has no row; expected at least one.');
  columns.forEach((column, c) => {
    const title = JSON.stringify(channels[c]);
    if (column.length !== length) fail(`channel ${title} has ${column.length} values; expected ${length}.`);
    const row = firstInfinite(column);
    if (row >= 0)
      fail(`channel ${title} row ${row} is ${column[row]}; expected a finite number or NaN for missing.`);
  });
  if (times !== undefined) checkTimes(times, length, fail);
  return Object.freeze({
    name,
    channels: Object.freeze([...channels]),
    length,
    columns: Object.freeze([...columns]),
    ...(times === undefined ? {} : { times }),
    ...(timeColumn === undefined ? {} : { timeColumn }),
  });
}

function checkNames(channels: readonly string[], fail: (problem: string) => never): void {
  const seen = new Set<string>();
  for (const channel of channels) {
    if (seen.has(channel))
      fail(`has two channels named ${JSON.stringify(channel)}; expected different names.`);
    seen.add(channel);
  }
}

function checkTimes(times: Float64Array, length: number, fail: (problem: string) => never): void {
  if (times.length !== length) fail(`has ${times.length} times for ${length} rows; expected one per row.`);
  const row = times.findIndex((time) => !(Math.abs(time) <= LATEST_TIME));
  if (row >= 0) fail(`time of row ${row} is ${times[row]}; expected milliseconds since 1970.`);
}

/** The first index of an infinite value; -1 for none. */
export function firstInfinite(column: Float32Array): number {
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return row;
  }
  return -1;
}
