import { parseConfig } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { type LineError, lineErrors } from '../files/line-error.ts';
import { numberedLines } from '../files/numbered-lines.ts';
import { readFileChunks } from '../files/read-file-chunks.ts';
import { badValue, parseValue, withoutPadding } from '../series/parse-values.ts';
import { SeriesCollector } from '../series/series-collector.ts';
import type { SeriesSet } from '../series/series-set.ts';
import { type SeriesReadOptions, seriesReadOptionsSchema } from '../series/target-kind.ts';

/**
 * Reads a file of the UCR archive (Dau et al. 2019; `.tsv`, `.txt`, `.csv`): one series of one channel per line, its label first,
 * then its values, between tabs, commas or blanks. `NaN`, `?` or nothing is a missing value; those at the end of a line pad a
 * shorter series and are cut. `1.0000e+00` is the label `1`.
 *
 * With `target: 'none'` the first value of each line is passed over whatever it is, since the format always has a label there.
 *
 * @throws PatchBertError `data/bad-ucr`, `data/bad-number`, `data/missing-label`, `data/short-series` (one point),
 * `data/all-missing-series`, `data/too-large`, each with the line; `data/empty-file`, `data/not-utf8`, `data/missing-file`,
 * `data/not-a-file`, `data/unreadable-file`, `data/file-changed`, `config/invalid`.
 * @example
 * const train = await readUcr('GunPoint_TRAIN.tsv');
 */
export async function readUcr(path: string, options: SeriesReadOptions = {}): Promise<SeriesSet> {
  return readFileChunks('readUcr', path, (chunks, name) => readUcrStream(chunks, name, options));
}

/**
 * Reads the bytes of a UCR file as they come.
 *
 * @param name what messages and the set call the source, such as `GunPoint_TRAIN.tsv`.
 * @throws PatchBertError as `readUcr`.
 * @example
 * const set = await readUcrStream([new TextEncoder().encode('1\t0.5\t0.7\n2\t0.4\t0.1\n')], 'inline.tsv');
 */
export async function readUcrStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: SeriesReadOptions = {},
): Promise<SeriesSet> {
  const { target = 'label' } = parseConfig(seriesReadOptionsSchema, options, 'readUcr options');
  const fail = lineErrors('readUcr', name, 'data/bad-ucr');
  const collector = new SeriesCollector(name, fail, { target });
  let separator: string | RegExp | undefined;
  for await (const { line, text, whole } of numberedLines(chunks, '', fail)) {
    if (/^[@#%]/.test(text))
      throw fail(line, `${showText(text)} is no series; is this a .ts or an .arff file?`);
    separator ??= separatorOf(text);
    const [answer = '', ...cells] = (separator === '\t' ? whole : text).split(separator);
    if (cells.length === 0) {
      throw fail(
        line,
        `${showText(text)} is a label without values; expected tabs, commas or blanks between values.`,
      );
    }
    collector.reserve(line, 1, cells.length);
    collector.add(line, withoutPadding([readCells(fail, line, cells, collector.size === 0)]), answer);
  }
  return collector.finish(name);
}

function separatorOf(text: string): string | RegExp {
  return ['\t', ','].find((mark) => text.includes(mark)) ?? /\s+/;
}

function readCells(fail: LineError, line: number, cells: readonly string[], isFirst: boolean): Float32Array {
  const values = new Float32Array(cells.length);
  cells.forEach((cell, index) => {
    const value = cell.trim() === '' ? Number.NaN : parseValue(cell);
    if (value === undefined) {
      const allTexts = isFirst && cells.every((other) => parseValue(other) === undefined);
      if (allTexts) throw fail(line, 'is a header; remove it, or read a long table with readLabelledCsv.');
      throw badValue(fail, line, `value ${index + 1}`, cell);
    }
    values[index] = value;
  });
  return values;
}
