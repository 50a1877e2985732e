import { didYouMean } from '@patchbert/errors';
import { listNames } from '../frame/select-channels.ts';
import type { ParsedCsvOptions } from './csv-options.ts';
import { csvError } from './csv-place.ts';
import { parseNumber } from './parse-number.ts';
import { parseTime } from './parse-time.ts';

/** Which column holds the times and which hold channels, by index. */
export interface CsvColumns {
  readonly names: readonly string[];
  /** -1 for none. */
  readonly time: number;
  readonly channels: readonly number[];
}

const TIME_NAMES = new Set(['date', 'time', 'timestamp', 'datetime']);

/** Checks the names of the header line, or makes names for a file without one. */
export function columnNames(file: string, line: number, cells: readonly string[], header: boolean): string[] {
  if (!header) return cells.map((_, index) => `column${index + 1}`);
  const names = cells.map((cell) => cell.trim());
  const empty = names.indexOf('');
  if (empty >= 0 && names.length > 1) {
    const cause = empty === 0 ? ', or write the file without an index column' : ', or remove it';
    throw csvError('data/bad-header', file, { line }, `column ${empty + 1} has no name; name it${cause}.`);
  }
  if (names.every((name) => parseNumber(name) !== undefined || parseTime(name) !== undefined)) {
    throw csvError(
      'data/bad-header',
      file,
      { line },
      `the header names nothing, it is a row of values (${listNames(names)}); set header to false, or give the columns names.`,
    );
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw csvError(
        'data/bad-header',
        file,
        { line, column: name },
        'the name comes twice; rename one of them.',
      );
    }
    seen.add(name);
  }
  return names;
}

/** Chooses the time column and the channels, from the options and the first row of values. */
export function chooseColumns(
  file: string,
  names: readonly string[],
  firstRow: readonly string[],
  options: ParsedCsvOptions,
): CsvColumns {
  const time = chooseTime(file, names, firstRow, options.timeColumn);
  if (options.channels === undefined) {
    const channels = names.map((_, index) => index).filter((index) => index !== time);
    if (channels.length === 0) {
      throw csvError(
        'data/no-channels',
        file,
        {},
        `has no column beside the time column ${listNames(names)}.`,
      );
    }
    return { names, time, channels };
  }
  const channels = options.channels.map((name) => columnIndex(file, names, name));
  if (channels.includes(time)) {
    throw csvError(
      'data/no-channels',
      file,
      { column: names[time]! },
      'is the time column; leave it out of channels, or set timeColumn to false.',
    );
  }
  if (new Set(channels).size < channels.length) {
    throw csvError(
      'data/no-channels',
      file,
      {},
      `channels ${listNames(options.channels)} name a column twice.`,
    );
  }
  return { names, time, channels };
}

function chooseTime(
  file: string,
  names: readonly string[],
  firstRow: readonly string[],
  timeColumn: string | false | undefined,
): number {
  if (timeColumn === false) return -1;
  if (timeColumn !== undefined) return columnIndex(file, names, timeColumn);
  const named = TIME_NAMES.has(names[0]!.toLowerCase());
  return named || parseTime(firstRow[0]!.trim()) !== undefined ? 0 : -1;
}

function columnIndex(file: string, names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const hint = didYouMean(name, names) || ` Columns: ${listNames(names)}.`;
  throw csvError('data/unknown-channel', file, {}, `has no column ${JSON.stringify(name)}.${hint}`);
}
