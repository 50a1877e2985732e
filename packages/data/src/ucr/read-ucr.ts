import { parseConfig } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { type LineError, lineErrors } from '../files/line-error.ts';
import { numberedLines } from '../files/numbered-lines.ts';
import { readFileChunks } from '../files/read-file-chunks.ts';
import { BLANKS, countCells, eachCell, endOfCell, nextCell } from '../series/cells.ts';
import { badValue, parseValue, withoutPadding } from '../series/parse-values.ts';
import { SeriesCollector } from '../series/series-collector.ts';
import type { SeriesSet } from '../series/series-set.ts';
import { type UcrReadOptions, ucrReadOptionsSchema } from '../series/target-kind.ts';

/**
 * Reads a file of the UCR archive (Dau et al. 2019; `.tsv`, `.txt`, `.csv`): one series of one channel per line, its label first,
 * then its values, between tabs, commas or blanks. `NaN`, `?` or nothing is a missing value; those at the end of a line pad a
 * shorter series and are cut. `1.0000e+00` is the label `1`.
 *
 * With `target: 'none'` it must be said whether lines begin with a label (`labelled: true`: it is passed over, whatever it is) or
 * with the first point (`labelled: false`): a file without labels looks like one with them.
 *
 * @throws PatchBertError `data/label-or-point` for `target: 'none'` without `labelled`; `data/bad-ucr`, `data/bad-number`, `data/missing-label`, `data/short-series` (one point),
 * `data/all-missing-series`, `data/too-large`, each with the line; `data/empty-file`, `data/not-utf8`, `data/missing-file`,
 * `data/not-a-file`, `data/unreadable-file`, `data/file-changed`, `config/invalid`.
 * @example
 * const train = await readUcr('GunPoint_TRAIN.tsv');
 */
export async function readUcr(path: string, options: UcrReadOptions = {}): Promise<SeriesSet> {
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
  options: UcrReadOptions = {},
): Promise<SeriesSet> {
  const { labelled, target = labelled === false ? 'none' : 'label' } = parseConfig(
    ucrReadOptionsSchema,
    options,
    'readUcr options',
  );
  const fail = lineErrors('readUcr', name, 'data/bad-ucr');
  const collector = new SeriesCollector(name, fail, { target });
  if (labelled === false && target !== 'none') {
    throw fail(
      undefined,
      `is read without labels; with labelled: false target must be "none".`,
      'data/no-labels',
    );
  }
  let mark: string | undefined;
  for await (const { line, text, whole } of numberedLines(chunks, '', fail)) {
    if (/^[@#%]/.test(text))
      throw fail(line, `${showText(text)} is no series; is this a .ts or an .arff file?`);
    mark ??= markOf(text);
    const row = mark === '\t' ? whole : text;
    if (target === 'none' && labelled === undefined) {
      throw fail(
        line,
        `${showText(row.slice(0, endOfCell(row, mark, 0)))} may be a label or the first point; set format to "ucr" if every line begins with a label, which is passed over, or format to "ucr-unlabelled" if with the first point.`,
        'data/label-or-point',
      );
    }
    const end = endOfCell(row, mark, 0);
    const start = labelled === false ? 0 : nextCell(row, mark, end);
    const count = countCells(row, mark, start);
    if (count === 0) {
      throw fail(
        line,
        `${showText(text)} is a label without values; expected tabs, commas or blanks between values.`,
      );
    }
    collector.reserve(line, 1, count);
    const values = readCells(fail, line, { row, mark, start, count }, collector.size === 0);
    collector.add(line, withoutPadding([values]), row.slice(0, end));
  }
  return collector.finish(name);
}

function markOf(text: string): string {
  return ['\t', ','].find((mark) => text.includes(mark)) ?? BLANKS;
}

/** The values of a line. */
interface Cells {
  readonly row: string;
  readonly mark: string;
  /** Where the first value begins. */
  readonly start: number;
  readonly count: number;
}

function readCells(
  fail: LineError,
  line: number,
  { row, mark, start, count }: Cells,
  isFirst: boolean,
): Float32Array {
  const values = new Float32Array(count);
  let unread = 0;
  let firstUnread: { readonly cell: string; readonly index: number } | undefined;
  eachCell(row, mark, start, (cell, index) => {
    const value = cell.trim() === '' ? Number.NaN : parseValue(cell);
    if (value === undefined) {
      unread++;
      firstUnread ??= { cell, index };
    }
    values[index] = value ?? Number.NaN;
  });
  if (firstUnread === undefined) return values;
  if (isFirst && unread === count) {
    throw fail(line, 'is a header; remove it, or read a long table with readLabelledCsv.');
  }
  throw badValue(fail, line, `value ${firstUnread.index + 1}`, firstUnread.cell);
}
