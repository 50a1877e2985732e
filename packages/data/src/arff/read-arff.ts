import { parseConfig } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { type LineError, lineErrors } from '../files/line-error.ts';
import { numberedLines } from '../files/numbered-lines.ts';
import { readFileChunks } from '../files/read-file-chunks.ts';
import { withoutPadding } from '../series/parse-values.ts';
import { MOST_CHANNELS, SeriesCollector } from '../series/series-collector.ts';
import type { SeriesSet } from '../series/series-set.ts';
import { type SeriesReadOptions, seriesReadOptionsSchema, type TargetKind } from '../series/target-kind.ts';
import { ArffHeaderReader } from './arff-header.ts';
import { type ArffLayout, arffLayout } from './arff-layout.ts';
import { type ArffRow, arffNumbers, arffRow, fieldOf } from './arff-row.ts';

/**
 * Reads an `.arff` file of the UEA archive, whose series of several channels are relational attributes
 * (`'1,2,3\n4,5,6',walking` with the two characters `\n` between channels), or a flat one, whose numeric attributes are the points
 * of one channel. Rows may be sparse (`{0 1.5, 7 walking}`; what is left out is 0, or the first class); `?` is missing. Points
 * at the end that are missing in every channel pad a shorter series and are cut.
 *
 * The class or number is the last attribute: that after the relation; in a flat file a nominal or text one, or a numeric one
 * named class, target or label.
 *
 * @param options default of `target`: `label` for a class of names, `value` for a numeric attribute, `none` without either.
 * @throws PatchBertError `data/bad-arff`, `data/bad-number`, `data/missing-label`, `data/unknown-label` for a class that the header does not
 * list, `data/uneven-channels`, `data/short-series` (one point), `data/all-missing-series`, `data/too-large`, each with the line;
 * `data/no-labels`, `data/empty-file`, `data/not-utf8`, `data/missing-file`, `data/not-a-file`, `data/unreadable-file`,
 * `data/file-changed`, `config/invalid`.
 * @example
 * const train = await readArff('NATOPS_TRAIN.arff');
 */
export async function readArff(path: string, options: SeriesReadOptions = {}): Promise<SeriesSet> {
  return readFileChunks('readArff', path, (chunks, name) => readArffStream(chunks, name, options));
}

/**
 * Reads the bytes of an `.arff` file as they come.
 *
 * @param name what messages call the source, such as `vowels.arff`.
 * @throws PatchBertError as `readArff`.
 * @example
 * const text = '@relation r\n@attribute a real\n@attribute b real\n@attribute class {x,y}\n@data\n1,2,x\n3,?,y\n';
 * const set = await readArffStream([new TextEncoder().encode(text)], 'inline.arff');
 */
export async function readArffStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: SeriesReadOptions = {},
): Promise<SeriesSet> {
  const { target } = parseConfig(seriesReadOptionsSchema, options, 'readArff options');
  const fail = lineErrors('readArff', name, 'data/bad-arff');
  const headerReader = new ArffHeaderReader(fail);
  let reader: ArffSeriesReader | undefined;
  for await (const { line, text } of numberedLines(chunks, '%', fail)) {
    if (reader !== undefined) reader.read(line, text);
    else if (!text.startsWith('@')) {
      throw fail(
        line,
        `${showText(text)} stands before @data; expected @relation or @attribute. Is this an .arff file?`,
      );
    } else if (headerReader.read(line, text)) {
      reader = new ArffSeriesReader(name, fail, headerReader.finish(line), target);
    }
  }
  if (reader === undefined) throw fail(undefined, 'has no line @data; is it complete?');
  return reader.finish();
}

/** Reads the lines after `@data`; lives as long as the file is read. */
class ArffSeriesReader {
  readonly #name: string;
  readonly #fail: LineError;
  readonly #layout: ArffLayout;
  readonly #collector: SeriesCollector;

  constructor(
    file: string,
    fail: LineError,
    header: ReturnType<ArffHeaderReader['finish']>,
    target: TargetKind | undefined,
  ) {
    this.#name = header.relation || file;
    this.#fail = fail;
    this.#layout = arffLayout(fail, header, target);
    this.#collector = new SeriesCollector(file, fail, {
      target: this.#layout.target,
      ...(this.#layout.classes && { declaredClasses: this.#layout.classes }),
    });
  }

  read(line: number, text: string): void {
    if (text.startsWith('@')) throw this.#fail(line, `${showText(text)} stands after @data; move it up.`);
    const { answer, fields, classes } = this.#layout;
    const row = arffRow(this.#fail, line, text, fields, '');
    const values = this.#layout.relation ? this.#relation(line, row) : [this.#points(line, row)];
    const label = answer === undefined ? '' : (fieldOf(row, answer)?.text ?? classes?.[0] ?? '0');
    this.#collector.add(line, withoutPadding(values), label);
  }

  finish(): SeriesSet {
    return this.#collector.finish(this.#name);
  }

  #points(line: number, row: ArffRow): Float32Array {
    const { points } = this.#layout;
    this.#collector.reserve(line, 1, points.length);
    return arffNumbers(this.#fail, line, row, points, '');
  }

  #relation(line: number, row: ArffRow): readonly Float32Array[] {
    const { field, name, length } = this.#layout.relation!;
    const found = fieldOf(row, field);
    if (found === undefined || !found.quoted) {
      const problem = `field ${field + 1}, ${showText(found?.text ?? '')}, is not the relational ${showText(name)}; expected its channels in quotes, with \\n between them.`;
      throw this.#fail(line, problem);
    }
    const texts = found.text.split('\n', MOST_CHANNELS + 2);
    if (texts.length > MOST_CHANNELS + 1) {
      throw this.#fail(
        line,
        `has more than ${MOST_CHANNELS.toLocaleString('en')} channels; is it the right file?`,
        'data/too-large',
      );
    }
    if (texts.length > 1 && texts.at(-1)!.trim() === '') texts.pop();
    this.#collector.reserve(line, texts.length, length);
    const indices = Array.from({ length }, (_, index) => index);
    return texts.map((text, c) => {
      const where = `channel ${c + 1}, `;
      return arffNumbers(
        this.#fail,
        line,
        arffRow(this.#fail, line, text.trim(), length, where),
        indices,
        where,
      );
    });
  }
}
