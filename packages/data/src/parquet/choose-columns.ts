import { didYouMean } from '@patchbert/errors';
import { type FileMetaData, parquetSchema } from 'hyparquet';
import { TIME_NAMES } from '../csv/columns.ts';
import { listNames } from '../frame/select-channels.ts';
import { findIdColumn } from '../long/id-name.ts';
import { type ColumnKind, columnKind } from './column-kind.ts';
import { parquetError } from './parquet-error.ts';

/** Which columns of a Parquet file to read, and as what. */
export interface ParquetColumns {
  readonly id?: string;
  readonly time?: string;
  readonly channels: readonly string[];
  readonly kinds: ReadonlyMap<string, ColumnKind>;
}

export interface ColumnWishes {
  readonly timeColumn?: string | false | undefined;
  readonly channels?: readonly string[] | undefined;
  /** Given for a long table, with the name when it is known. */
  readonly ids?: { readonly column: string | undefined };
}

/**
 * Chooses the columns by the types in the schema.
 *
 * @throws PatchBertError `data/bad-header`, `data/unknown-channel`, `data/no-channels`, `data/not-numeric` naming the column.
 */
export function chooseParquetColumns(
  file: string,
  metadata: FileMetaData,
  wishes: ColumnWishes,
): ParquetColumns {
  useLogicalDecimals(metadata);
  const kinds = new Map<string, ColumnKind>();
  for (const column of parquetSchema(metadata).children) {
    const { name } = column.element;
    if (kinds.has(name))
      throw parquetError('data/bad-header', file, { column: name }, 'comes twice; rename one of them.');
    kinds.set(name, columnKind(column));
  }
  const names = [...kinds.keys()];
  const id = wishes.ids && chooseId(file, kinds, wishes.ids.column);
  const time = chooseTime(file, kinds, id, wishes.timeColumn);
  const channels =
    wishes.channels?.map((name) => requireColumn(file, names, name)) ??
    names.filter((name) => name !== id && name !== time && !isPandasIndex(name, kinds));
  if (channels.length === 0) {
    throw parquetError(
      'data/no-channels',
      file,
      {},
      `has no column of values; its columns are ${listNames(names)}.`,
    );
  }
  for (const name of channels) requireNumbers(file, name, kinds, { id, time });
  if (new Set(channels).size < channels.length) {
    throw parquetError('data/no-channels', file, {}, `channels ${listNames(channels)} name a column twice.`);
  }
  return { ...(id !== undefined && { id }), ...(time !== undefined && { time }), channels, kinds };
}

/** Row numbers that pandas wrote with the table; an index of times is a time column. */
function isPandasIndex(name: string, kinds: ReadonlyMap<string, ColumnKind>): boolean {
  return /^__index_level_\d+__$/.test(name) && kinds.get(name) === 'number';
}

/** A decimal of a newer writer states its scale in the logical type alone. */
function useLogicalDecimals({ schema }: FileMetaData): void {
  for (const element of schema) {
    if (element.logical_type?.type !== 'DECIMAL') continue;
    element.converted_type = 'DECIMAL';
    element.scale ??= element.logical_type.scale;
  }
}

function chooseId(file: string, kinds: ReadonlyMap<string, ColumnKind>, wanted: string | undefined): string {
  const found = findIdColumn([...kinds.keys()], wanted);
  if ('problem' in found) throw parquetError('data/unknown-channel', file, {}, found.problem);
  const kind = kinds.get(found.name)!;
  if (kind === 'text' || kind === 'number') return found.name;
  throw parquetError(
    'data/bad-id',
    file,
    { column: found.name },
    `holds ${describe(kind)}; expected texts or whole numbers as ids.`,
  );
}

function chooseTime(
  file: string,
  kinds: ReadonlyMap<string, ColumnKind>,
  id: string | undefined,
  wanted: string | false | undefined,
): string | undefined {
  if (wanted === false) return undefined;
  if (wanted !== undefined) {
    const kind = kinds.get(requireColumn(file, [...kinds.keys()], wanted))!;
    if ((kind === 'time' || kind === 'text') && wanted !== id) return wanted;
    const instead = wanted === id ? 'is the id column' : `holds ${describe(kind)}`;
    throw parquetError(
      'data/bad-time',
      file,
      { column: wanted },
      `${instead}; expected a column of type timestamp or date, or texts like 2016-07-01 00:15:00.`,
    );
  }
  const stamps = [...kinds].flatMap(([name, kind]) => (kind === 'time' ? [name] : []));
  if (stamps.length === 1) return stamps[0];
  const named = [...kinds].flatMap(([name, kind]) =>
    TIME_NAMES.has(name.toLowerCase()) && name !== id && (kind === 'time' || kind === 'text') ? [name] : [],
  );
  if (named.length === 1) return named[0];
  if (stamps.length === 0 && named.length === 0) return undefined;
  const several = stamps.length > 0 ? stamps : named;
  throw parquetError(
    'data/bad-header',
    file,
    {},
    `has several columns of time stamps (${listNames(several)}); set timeColumn to one of them, and name the columns of values in channels.`,
  );
}

function requireNumbers(
  file: string,
  name: string,
  kinds: ReadonlyMap<string, ColumnKind>,
  { id, time }: { readonly id: string | undefined; readonly time: string | undefined },
): void {
  const kind = kinds.get(name)!;
  if (name === id || name === time) {
    throw parquetError(
      'data/no-channels',
      file,
      { column: name },
      `is the ${name === id ? 'id' : 'time'} column; leave it out of channels.`,
    );
  }
  if (kind === 'number') return;
  throw parquetError(
    'data/not-numeric',
    file,
    { column: name },
    `holds ${describe(kind)}; expected numbers. Leave it out by naming the others in channels.`,
  );
}

function requireColumn(file: string, names: readonly string[], name: string): string {
  if (names.includes(name)) return name;
  const hint = didYouMean(name, names) || ` Columns: ${listNames(names)}.`;
  throw parquetError('data/unknown-channel', file, {}, `has no column ${JSON.stringify(name)}.${hint}`);
}

function describe(kind: ColumnKind): string {
  if (typeof kind === 'object') return kind.unusable;
  return { number: 'numbers', time: 'time stamps', text: 'texts' }[kind];
}
