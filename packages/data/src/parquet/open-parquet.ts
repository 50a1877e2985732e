import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import {
  type AsyncBuffer,
  type FileMetaData,
  type ParquetScan,
  parquetMetadataAsync,
  parquetScan,
} from 'hyparquet';
import { fileError } from '../files/file-error.ts';
import { whileUnchanged } from '../files/while-unchanged.ts';
import { MOST_ROWS } from '../frame/frame.ts';
import { checkPages } from './check-pages.ts';
import { checkThrift } from './check-thrift.ts';
import { compressors } from './compressors.ts';
import { parquetError } from './parquet-error.ts';

/** An open Parquet file; lives as long as the callback of `withParquet`. */
export interface OpenParquet {
  /** Base name, for messages. */
  readonly name: string;
  readonly metadata: FileMetaData;
  /** A scan of the named columns: its `ranges` are the row groups. */
  scan(columns: readonly string[]): Promise<ParquetScan>;
}

const MAGIC = 'PAR1';
const ENCRYPTED = 'PARE';

/**
 * Opens a Parquet file, hands it to `read` and closes it. What the decoder says of a damaged file becomes one error.
 *
 * @throws PatchBertError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`,
 * `data/bad-parquet`, `data/too-large`, `data/file-changed`.
 */
export function withParquet<T>(path: string, read: (file: OpenParquet) => Promise<T>): Promise<T> {
  return whileUnchanged('readParquet', path, () => readOpen(path, read));
}

async function readOpen<T>(path: string, read: (file: OpenParquet) => Promise<T>): Promise<T> {
  const name = basename(path);
  const handle = await openFile(path);
  try {
    const status = await handle.stat();
    const file = fileBuffer(handle, status.size);
    await requireMagic(name, file);
    await checkFooter(name, file);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    requireRows(name, metadata);
    const options = {
      file,
      metadata,
      compressors,
      parsers: timeParsers,
      geoparquet: false,
    };
    return await read({
      name,
      metadata,
      scan: async (columns) => {
        await checkPages(file, metadata, columns);
        return parquetScan({ ...options, columns: [...columns] });
      },
    });
  } catch (error) {
    if (error instanceof PatchBertError) throw error;
    const known = fileError('readParquet', path, error);
    if (known !== error) throw known;
    const reason = shortened(error instanceof Error ? error.message : String(error));
    throw parquetError(
      'data/bad-parquet',
      name,
      {},
      `cannot be read (${reason}); is the file complete? Fetch or write it again.`,
    );
  } finally {
    await handle.close();
  }
}

/** The decoder quotes names of the file as they are. */
function shortened(message: string): string {
  const line = message.split(/[\r\n\u2028\u2029]/, 1)[0]!;
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw fileError('readParquet', path, error);
  }
}

function fileBuffer(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      if (start < 0 || end > byteLength || end < start) {
        throw new Error(`bytes ${start} to ${end} of ${byteLength} are asked for`);
      }
      const bytes = new Uint8Array(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) throw new Error('the file became shorter while it was read');
        filled += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

async function requireMagic(name: string, file: AsyncBuffer): Promise<void> {
  const bad = (problem: string) => parquetError('data/bad-parquet', name, {}, problem);
  if (file.byteLength === 0)
    throw parquetError('data/empty-file', name, {}, 'is empty; expected a Parquet file.');
  const textAt = async (start: number) =>
    new TextDecoder('latin1').decode(await file.slice(start, Math.min(start + 4, file.byteLength)));
  const first = await textAt(0);
  if (first === ENCRYPTED) throw bad('is encrypted; write it without encryption.');
  if (first !== MAGIC) throw bad('is not a Parquet file: it does not begin with PAR1.');
  const last = await textAt(Math.max(0, file.byteLength - 4));
  if (last === ENCRYPTED) throw bad('is encrypted; write it without encryption.');
  if (file.byteLength < 12 || last !== MAGIC) {
    throw bad('is cut off: it does not end with PAR1. Fetch or write it again.');
  }
}

/** The metadata become objects that take many times their bytes. */
const LARGEST_FOOTER = 64 * 1024 * 1024;

/** Rows of a row group: a column of a group is decoded at once, into a list of its values. */
const LARGEST_GROUP = 2 ** 26;

async function checkFooter(name: string, file: AsyncBuffer): Promise<void> {
  const end = file.byteLength - 8;
  const size = new DataView(await file.slice(end, end + 4)).getUint32(0, true);
  if (size > end - 4) {
    const problem = 'has a footer larger than the file; is it complete? Fetch or write it again.';
    throw parquetError('data/bad-parquet', name, {}, problem);
  }
  if (size > LARGEST_FOOTER) {
    const problem = `has a footer of ${size} bytes; 64 MiB are read. Write it with fewer row groups or columns.`;
    throw parquetError('data/too-large', name, {}, problem);
  }
  checkThrift(new DataView(await file.slice(end - size, end)), 0);
}

function requireRows(name: string, { row_groups: groups, num_rows: rows }: FileMetaData): void {
  if (groups.some(({ columns }) => columns.some(({ crypto_metadata: crypto }) => crypto !== undefined))) {
    throw parquetError('data/bad-parquet', name, {}, 'has encrypted columns; write it without encryption.');
  }
  const counted = groups.reduce((sum, group) => sum + group.num_rows, 0n);
  if (counted !== rows || counted < 0n) {
    throw parquetError(
      'data/bad-parquet',
      name,
      {},
      `has ${counted} rows in its row groups, ${rows} in its footer; write it again.`,
    );
  }
  if (rows > BigInt(MOST_ROWS)) {
    const problem = `has ${rows} rows; a table may have ${MOST_ROWS.toLocaleString('en')}. Split it.`;
    throw parquetError('data/too-large', name, {}, problem);
  }
  const large = groups.find((group) => group.num_rows > BigInt(LARGEST_GROUP) || group.num_rows < 0n);
  if (large !== undefined) {
    const problem = `has a row group of ${large.num_rows} rows; up to ${LARGEST_GROUP.toLocaleString('en')} are read at once. Write it with smaller row groups.`;
    throw parquetError('data/too-large', name, {}, problem);
  }
  if (rows === 0n) throw parquetError('data/empty-file', name, {}, 'has no row; expected at least one.');
}

/** Milliseconds since 1970 in place of `Date` objects; a missing time stays undefined. */
const timeParsers = {
  timestampFromMilliseconds: (value: bigint | undefined) => milliseconds(value, 1n),
  timestampFromMicroseconds: (value: bigint | undefined) => milliseconds(value, 1_000n),
  timestampFromNanoseconds: (value: bigint | undefined) => milliseconds(value, 1_000_000n),
  dateFromDays: (days: number | undefined) => (days === undefined ? undefined : days * 86_400_000),
};

/** Rounded down, before 1970 too. */
function milliseconds(value: bigint | undefined, perMillisecond: bigint): number | undefined {
  if (value === undefined || value === null) return undefined;
  const exact = BigInt(value);
  const remainder = ((exact % perMillisecond) + perMillisecond) % perMillisecond;
  return Number((exact - remainder) / perMillisecond);
}
