import { parseConfig } from '@patchbert/errors';
import { readRecords } from '../csv/read-records.ts';
import { readFileChunks } from '../files/read-file-chunks.ts';
import type { SeriesSet } from '../series/series-set.ts';
import { type LabelledCsvOptions, labelledCsvOptionsSchema } from './labelled-csv-options.ts';
import { LabelledTableReader } from './labelled-table-reader.ts';

/**
 * Reads a long CSV file of labelled series, one row per series and point: an id, perhaps a time, channels, and a class or a number
 * that is the same in all rows of a series. Rows of one id need not stand together.
 *
 * With times (numbers or time stamps; found when a column is named date, time, timestamp or datetime, or begins with a
 * time stamp) rows are sorted, and must lie at equal steps. Without, or with `timeColumn: false`, they count in the order they stand.
 *
 * @throws PatchBertError as `readLongCsv`; `data/no-labels`, `data/missing-label`, `data/label-changes` naming the row,
 * `data/irregular-times`, `data/short-series` (one point), `data/all-missing-series`, `data/too-large`.
 * @example
 * const set = await readLabelledCsv('gestures.csv', { idColumn: 'recording', labelColumn: 'gesture' });
 */
export async function readLabelledCsv(path: string, options: LabelledCsvOptions = {}): Promise<SeriesSet> {
  return readFileChunks('readLabelledCsv', path, (chunks, name) =>
    readLabelledCsvStream(chunks, name, options),
  );
}

/**
 * Reads the bytes of a long CSV file of labelled series as they come.
 *
 * @param name what messages and the set call the source, such as `gestures.csv`.
 * @throws PatchBertError as `readLabelledCsv`.
 * @example
 * const text = 'id,time,x,label\na,0,0.5,up\na,1,0.7,up\nb,0,0.7,down\nb,1,0.2,down\n';
 * const set = await readLabelledCsvStream([new TextEncoder().encode(text)], 'inline.csv');
 */
export async function readLabelledCsvStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: LabelledCsvOptions = {},
): Promise<SeriesSet> {
  const parsed = parseConfig(labelledCsvOptionsSchema, options, 'readLabelledCsv options');
  const reader = new LabelledTableReader(name, parsed);
  await readRecords(chunks, name, parsed.delimiter, reader);
  return reader.finish();
}
