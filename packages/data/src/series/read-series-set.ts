import { extname } from 'node:path';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { z } from 'zod';
import { readTs } from '../aeon/read-ts.ts';
import { readArff } from '../arff/read-arff.ts';
import { showText } from '../csv/csv-place.ts';
import { type LabelledCsvOptions, labelledCsvOptionsSchema } from '../labelled/labelled-csv-options.ts';
import { readLabelledCsv } from '../labelled/read-labelled-csv.ts';
import { readUcr } from '../ucr/read-ucr.ts';
import type { SeriesSet } from './series-set.ts';
import type { SeriesReadOptions } from './target-kind.ts';

/** How to read a file of series of any format; unknown keys are refused. */
export const readSeriesSetOptionsSchema = labelledCsvOptionsSchema.extend({
  /** Default: by the end of the name; see `readSeriesSet`. */
  format: z.enum(['ucr', 'ucr-unlabelled', 'ts', 'arff', 'csv']).optional(),
});

export type ReadSeriesSetOptions = z.input<typeof readSeriesSetOptionsSchema>;

export type SeriesFormat = NonNullable<ReadSeriesSetOptions['format']>;

const FORMATS: ReadonlyMap<string, SeriesFormat> = new Map([
  ['.tsv', 'ucr'],
  ['.txt', 'ucr'],
  ['.ts', 'ts'],
  ['.arff', 'arff'],
]);

/**
 * Reads series from a file by the end of its name: `.tsv` and `.txt` as `readUcr`, `.ts` as `readTs`, `.arff` as `readArff`, and
 * `.csv` as `readLabelledCsv` when `idColumn` is given. `ucr` is a file whose lines begin with a label, `ucr-unlabelled` one whose lines
 * do not; with `target: 'none'` one of them must be named.
 *
 * @throws PatchBertError `data/unknown-format` for another end, or a `.csv` without `idColumn` or `format`; `config/invalid`, also
 * for options of tables with another format; as the readers.
 * @example
 * const train = await readSeriesSet('GunPoint_TRAIN.tsv');
 */
export async function readSeriesSet(path: string, options: ReadSeriesSetOptions = {}): Promise<SeriesSet> {
  parseConfig(readSeriesSetOptionsSchema, options, 'readSeriesSet options');
  // The options as given: the readers fill in their defaults.
  const { format, ...others } = options;
  const chosen = format ?? FORMATS.get(extname(path).toLowerCase()) ?? formatOfTable(path, others.idColumn);
  switch (chosen) {
    case 'csv':
      return readLabelledCsv(path, others);
    case 'ts':
    case 'arff':
      refuseTableOptions(chosen, others);
      return READERS[chosen](path, targetOf(others));
    case 'ucr':
    case 'ucr-unlabelled':
      refuseTableOptions(chosen, others);
      // Found by the name alone, nothing says whether lines begin with a label.
      return readUcr(path, {
        ...targetOf(others),
        ...(format !== undefined && { labelled: chosen === 'ucr' }),
      });
  }
}

const READERS = { ts: readTs, arff: readArff } as const;

function targetOf({ target }: LabelledCsvOptions): SeriesReadOptions {
  return target === undefined ? {} : { target };
}

function formatOfTable(path: string, idColumn: string | undefined): SeriesFormat {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv' && idColumn !== undefined) return 'csv';
  const problem =
    extension === '.csv'
      ? 'may be a long table or a UCR file; set idColumn to the column that names the series, or format to "ucr"'
      : `ends in none of .tsv, .txt, .ts, .arff and .csv; set format to "ucr", "ucr-unlabelled", "ts", "arff" or "csv"`;
  throw new PatchBertError('data/unknown-format', `readSeriesSet: ${showText(path)} ${problem}.`);
}

function refuseTableOptions(format: SeriesFormat, { target: _, ...options }: LabelledCsvOptions): void {
  const key = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (key === undefined) return;
  throw new PatchBertError(
    'config/invalid',
    `readSeriesSet options: "${key}" is for CSV tables; the file is read as ${format}. Leave it out, or set format to "csv".`,
  );
}
