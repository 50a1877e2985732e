import { readFileChunks } from '../files/read-file-chunks.ts';
import type { Frame } from '../frame/frame.ts';
import type { Panel } from '../frame/panel.ts';
import type { CsvOptions, LongCsvOptions } from './csv-options.ts';
import { readCsvStream, readLongCsvStream } from './read-csv-stream.ts';

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
  return readFileChunks('readCsv', path, (chunks, name) => readCsvStream(chunks, name, options));
}

/**
 * Reads a CSV file in long form, one row per series and time, as a panel: rows of the same id become one recording, sorted
 * by time; recordings come in the order of their first rows.
 *
 * As strict as `readCsv`. The time may stand in any column: found when one is named date, time, timestamp or datetime, or
 * its first value is a time stamp. Without a time column rows count in the order they stand in.
 *
 * @throws PatchBertError as `readCsv`, but for `data/time-order`; `data/duplicate-times` naming the series, the time and both
 * lines; `data/missing-id` for an empty id.
 * @example
 * const { frame, segments } = await readLongCsv('sales.csv', { idColumn: 'store' });
 */
export async function readLongCsv(path: string, options: LongCsvOptions = {}): Promise<Panel> {
  return readFileChunks('readLongCsv', path, (chunks, name) => readLongCsvStream(chunks, name, options));
}
