import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileError, notAFile } from '../files/file-error.ts';
import type { Frame } from '../frame/frame.ts';
import type { CsvOptions } from './csv-options.ts';
import { csvError } from './csv-place.ts';
import { readCsvStream } from './read-csv-stream.ts';

/**
 * Reads a CSV file with one column per channel and, if it has one, a column of time stamps.
 *
 * Strict: UTF-8, plain decimal numbers, rows of equal length, time stamps in order. Missing values become
 * NaN; nothing else is guessed, every other cell is an error with the line, the column and the value. Line
 * ends may be LF, CRLF or CR; blank lines, a byte order mark and spaces around values are allowed. Values
 * are kept as 32-bit floats.
 *
 * @throws PatchBertError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/file-changed`,
 * `data/not-utf8`, `data/not-csv`, `data/bad-csv`, `data/empty-file`, `data/bad-header`, `data/ragged-row`,
 * `data/bad-number`, `data/bad-time`, `data/time-order`, `data/empty-channel`, `data/no-channels`,
 * `data/unknown-channel`, `config/invalid`.
 * @example
 * const frame = await readCsv('ETTh1.csv', { channels: ['OT'] });
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Frame> {
  const name = basename(path);
  const before = await fileStatus(path);
  if (before.isDirectory()) throw notAFile('readCsv', path);
  const frame = await readCsvStream(readChunks(path), name, options);
  const after = await fileStatus(path);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    throw csvError(
      'data/file-changed',
      name,
      {},
      'changed while it was read; read it again when it is complete.',
    );
  }
  return frame;
}

async function fileStatus(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw fileError('readCsv', path, error);
  }
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw fileError('readCsv', path, error);
  }
}
