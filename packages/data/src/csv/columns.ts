import { didYouMean } from '@patchbert/errors';
import { listNames } from '../frame/select-channels.ts';
import { findIdColumn } from '../long/id-name.ts';
import type { TableOptions } from './csv-options.ts';
import { csvError } from './csv-place.ts';
import { parseNumber } from './parse-number.ts';
import { parseTime } from './parse-time.ts';

/** Which column holds the ids, which the times and which hold channels, by index. */
export interface CsvColumns {
  readonly names: readonly string[];
  /** -1 for none: the table is one recording. */
  readonly id: number;
  /** -1 for none. */
  readonly time: number;
  readonly channels: readonly number[];
}

/** A table is refused when it has more: every column costs memory, however few its values. */
const MOST_COLUMNS = 65_536;

export const TIME_NAMES = new Set(['date', 'time', 'timestamp', 'datetime']);

/** Checks the names of the header line, or makes names for a file without one. */
export function columnNames(file: string, line: number, cells: readonly string[], header: boolean): string[] {
  if (cells.length > MOST_COLUMNS) {
    throw csvError(
      'data/too-large',
      file,
      { line },
      `has ${cells.length} columns; a table may have ${MOST_COLUMNS.toLocaleString('en')}. Is the delimiter right?`,
    );
  }
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
  options: TableOptions,
): CsvColumns {
  const id = options.ids ? chooseId(file, names, options.ids.column) : -1;
  const beside = (options.beside ?? []).map((name) => names.indexOf(name));
  const time = chooseTime(file, names, firstRow, [id, ...beside], options.timeColumn);
  if (options.channels === undefined) {
    const taken = [time, id, ...beside];
    const channels = names.map((_, index) => index).filter((index) => !taken.includes(index));
    if (channels.length === 0) {
      throw csvError(
        'data/no-channels',
        file,
        {},
        `has no column beside ${id < 0 ? 'the time column' : 'its ids and times,'} ${listNames(names)}.`,
      );
    }
    return { names, id, time, channels };
  }
  const channels = options.channels.map((name) => columnIndex(file, names, name));
  if (channels.includes(id)) {
    throw csvError(
      'data/no-channels',
      file,
      { column: names[id]! },
      'is the id column; leave it out of channels.',
    );
  }
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
  return { names, id, time, channels };
}

function chooseTime(
  file: string,
  names: readonly string[],
  firstRow: readonly string[],
  taken: readonly number[],
  timeColumn: string | false | undefined,
): number {
  if (timeColumn === false) return -1;
  const id = taken[0]!;
  if (timeColumn !== undefined) {
    const index = columnIndex(file, names, timeColumn);
    if (!taken.includes(index)) return index;
    throw csvError(
      'data/bad-header',
      file,
      { column: timeColumn },
      `is the ${index === id ? 'id' : 'label'} column; name another timeColumn.`,
    );
  }
  // In a table of one recording the time stands first; in a long one, anywhere.
  const candidates = id < 0 ? [0] : names.map((_, index) => index).filter((index) => !taken.includes(index));
  const named = candidates.find((index) => TIME_NAMES.has(names[index]!.toLowerCase()));
  return named ?? candidates.find((index) => parseTime(firstRow[index]!.trim()) !== undefined) ?? -1;
}

function chooseId(file: string, names: readonly string[], idColumn: string | undefined): number {
  const found = findIdColumn(names, idColumn);
  if ('problem' in found) throw csvError('data/unknown-channel', file, {}, found.problem);
  return names.indexOf(found.name);
}

function columnIndex(file: string, names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const hint = didYouMean(name, names) || ` Columns: ${listNames(names)}.`;
  throw csvError('data/unknown-channel', file, {}, `has no column ${JSON.stringify(name)}.${hint}`);
}
