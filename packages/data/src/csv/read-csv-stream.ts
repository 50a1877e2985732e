import { parseConfig } from '@patchbert/errors';
import type { Frame } from '../frame/frame.ts';
import type { Panel } from '../frame/panel.ts';
import {
  type CsvOptions,
  csvOptionsSchema,
  type LongCsvOptions,
  longCsvOptionsSchema,
} from './csv-options.ts';
import { FrameReader } from './frame-reader.ts';
import { readRecords } from './read-records.ts';

/**
 * Reads CSV bytes as they come; memory is bounded by the values kept (4 bytes each, 8 per time stamp).
 *
 * @param chunks bytes of a file, a response or an archive member.
 * @param name what messages and the frame call the source, such as `load.csv`.
 * @throws PatchBertError as `readCsv`.
 * @example
 * const frame = await readCsvStream([new TextEncoder().encode('a,b\n1,2\n')], 'inline.csv');
 */
export async function readCsvStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: CsvOptions = {},
): Promise<Frame> {
  const parsed = parseConfig(csvOptionsSchema, options, 'readCsv options');
  const reader = new FrameReader(name, parsed);
  await readRecords(chunks, name, parsed.delimiter, reader);
  return reader.finish();
}

/**
 * Reads a long table as it comes, as `readLongCsv`.
 *
 * @param chunks bytes of a file, a response or an archive member.
 * @param name what messages and the frame call the source, such as `sales.csv`.
 * @throws PatchBertError as `readLongCsv`.
 * @example
 * const panel = await readLongCsvStream([new TextEncoder().encode('id,date,load\na,2024-01-01,5\n')], 'inline.csv');
 */
export async function readLongCsvStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: LongCsvOptions = {},
): Promise<Panel> {
  const { idColumn, ...others } = parseConfig(longCsvOptionsSchema, options, 'readLongCsv options');
  // Rows may come in any order: they are sorted when all are there.
  const reader = new FrameReader(name, { ...others, timeOrder: 'any', ids: { column: idColumn } });
  await readRecords(chunks, name, others.delimiter, reader);
  return reader.finishPanel();
}
