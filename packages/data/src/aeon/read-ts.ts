import { parseConfig } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { type LineError, lineErrors } from '../files/line-error.ts';
import { numberedLines } from '../files/numbered-lines.ts';
import { readFileChunks } from '../files/read-file-chunks.ts';
import { requireShortHeader } from '../files/short-header.ts';
import { parseValues } from '../series/parse-values.ts';
import { MOST_CHANNELS, SeriesCollector } from '../series/series-collector.ts';
import type { SeriesSet } from '../series/series-set.ts';
import { type SeriesReadOptions, seriesReadOptionsSchema, type TargetKind } from '../series/target-kind.ts';
import { stampedChannels } from './stamped-channels.ts';
import { type TsHeader, TsHeaderReader } from './ts-header.ts';

/**
 * Reads a `.ts` file of aeon and sktime: a header of tags, then a series per line, its channels between colons, then its class or
 * number. `?` or `NaN` is a missing value; a channel shorter than the others of its series is missing at the end. Time
 * stamps, `(0,1.5),(1,1.7)` or with dates, must be regular and alike in all channels of a series.
 *
 * @param options default of `target`: `label` for `@classLabel true`, `value` for `@targetLabel true`, else `none`.
 * @throws PatchBertError `data/bad-ts`, `data/bad-number`, `data/missing-label`, `data/unknown-label` for a label that the header does not
 * list, `data/uneven-channels`, `data/irregular-times`, `data/short-series` (one point), `data/all-missing-series`, `data/empty-series`,
 * `data/too-large`, each with the line; `data/empty-file`, `data/not-utf8`, `data/missing-file`, `data/not-a-file`,
 * `data/unreadable-file`, `data/file-changed`, `config/invalid`.
 * @example
 * const train = await readTs('JapaneseVowels_TRAIN.ts');
 */
export async function readTs(path: string, options: SeriesReadOptions = {}): Promise<SeriesSet> {
  return readFileChunks('readTs', path, (chunks, name) => readTsStream(chunks, name, options));
}

/**
 * Reads the bytes of a `.ts` file as they come.
 *
 * @param name what messages call the source, such as `vowels.ts`.
 * @throws PatchBertError as `readTs`.
 * @example
 * const set = await readTsStream([new TextEncoder().encode('@classLabel true a b\n@data\n1,2:a\n2,?,1:b\n')], 'inline.ts');
 */
export async function readTsStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: SeriesReadOptions = {},
): Promise<SeriesSet> {
  const { target } = parseConfig(seriesReadOptionsSchema, options, 'readTs options');
  const fail = lineErrors('readTs', name, 'data/bad-ts');
  const headerReader = new TsHeaderReader(fail);
  let reader: TsSeriesReader | undefined;
  for await (const { line, text } of numberedLines(chunks, '#', fail)) {
    if (reader !== undefined) {
      reader.read(line, text);
      continue;
    }
    requireShortHeader(fail, line, text);
    if (!text.startsWith('@')) {
      throw fail(
        line,
        `${showText(text)} stands before @data; expected a tag such as @classLabel. Is this a .ts file?`,
      );
    } else if (headerReader.read(line, text)) {
      reader = new TsSeriesReader(name, fail, headerReader.finish(line), target);
    }
  }
  if (reader === undefined) throw fail(undefined, 'has no line @data; is it complete?');
  return reader.finish();
}

/** Reads the lines after `@data`; lives as long as the file is read. */
class TsSeriesReader {
  readonly #name: string;
  readonly #fail: LineError;
  readonly #header: TsHeader;
  readonly #collector: SeriesCollector;
  /** Points and line of the first series. */
  #first: { readonly length: number; readonly line: number } | undefined;

  constructor(file: string, fail: LineError, header: TsHeader, wanted: TargetKind | undefined) {
    this.#name = header.problemName || file;
    this.#fail = fail;
    this.#header = header;
    const target = targetOf(fail, header, wanted);
    this.#collector = new SeriesCollector(file, fail, {
      target,
      ...(target === 'label' && header.classes && { declaredClasses: header.classes }),
    });
  }

  read(line: number, text: string): void {
    if (text.startsWith('@'))
      throw this.#fail(line, `the tag ${showText(text)} stands after @data; move it up.`);
    const { channels, answer } = this.#split(line, text);
    this.#checkDimensions(line, channels.length);
    const length = channels.reduce((longest, channel) => Math.max(longest, channel.length), 0);
    this.#collector.reserve(line, channels.length, length);
    this.#collector.add(
      line,
      channels.map((channel) => padded(channel, length)),
      answer,
    );
    this.#first ??= { length, line };
    if (this.#header.equalLength && length !== this.#first.length) {
      throw this.#fail(
        line,
        `the series has ${length} points, that of line ${this.#first.line} has ${this.#first.length}; the header says @equalLength true. Correct one of them.`,
      );
    }
  }

  finish(): SeriesSet {
    return this.#collector.finish(this.#name);
  }

  #split(line: number, text: string): { channels: readonly Float32Array[]; answer: string } {
    const { timeStamps, classLabel, targetLabel } = this.#header;
    const hasAnswer = classLabel === true || targetLabel === true;
    if (timeStamps)
      return stampedChannels(this.#fail, line, text, hasAnswer, () => this.#tooManyChannels(line));
    const parts = text.split(':', MOST_CHANNELS + 2);
    if (parts.length > MOST_CHANNELS + 1) throw this.#tooManyChannels(line);
    const answer = hasAnswer ? parts.pop()! : '';
    if (parts.length === 0) {
      throw this.#fail(
        line,
        `${showText(text)} has no colon; expected values, a colon and the ${classLabel ? 'label' : 'target value'}.`,
      );
    }
    const channels = parts.map((part, c) =>
      parseValues(this.#fail, line, parts.length > 1 ? `channel ${c + 1}, ` : '', part),
    );
    return { channels, answer };
  }

  #tooManyChannels(line: number): Error {
    return this.#fail(
      line,
      `has more than ${MOST_CHANNELS.toLocaleString('en')} channels between colons; is it the right file?`,
      'data/too-large',
    );
  }

  #checkDimensions(line: number, count: number): void {
    const { dimensions, univariate } = this.#header;
    const expected = dimensions ?? (univariate ? 1 : undefined);
    if (expected === undefined || count === expected) return;
    const tag = dimensions === undefined ? '@univariate true' : `@dimensions ${dimensions}`;
    throw this.#fail(
      line,
      `has ${count} ${count === 1 ? 'channel' : 'channels'} between colons; the header says ${tag}. Is the label missing, or a colon?`,
      'data/uneven-channels',
    );
  }
}

function targetOf(fail: LineError, header: TsHeader, wanted: TargetKind | undefined): TargetKind {
  const { classLabel, targetLabel } = header;
  if (classLabel === undefined && targetLabel === undefined && wanted !== 'none') {
    throw fail(
      undefined,
      'has neither @classLabel nor @targetLabel before @data; add one, such as @classLabel true and the classes, or read it with target "none".',
    );
  }
  if (classLabel || targetLabel) return wanted ?? (classLabel ? 'label' : 'value');
  if (wanted === undefined || wanted === 'none') return 'none';
  throw fail(
    undefined,
    `says that its series have no ${wanted === 'label' ? 'label (@classLabel false)' : 'target value'}; read it with target "none".`,
    'data/no-labels',
  );
}

function padded(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const longer = new Float32Array(length).fill(Number.NaN);
  longer.set(values);
  return longer;
}
