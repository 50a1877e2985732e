import { showText } from '../csv/csv-place.ts';
import { explainBadNumber, parseNumber } from '../csv/parse-number.ts';
import { parseTime } from '../csv/parse-time.ts';
import type { LineError } from '../files/line-error.ts';
import { checkedChunks } from '../files/numbered-lines.ts';
import { readFileChunks } from '../files/read-file-chunks.ts';
import { requireShortHeader } from '../files/short-header.ts';
import { LINE_TOO_LONG, textLines } from '../files/text-lines.ts';
import { createFrame, type Frame } from '../frame/frame.ts';
import type { Panel } from '../frame/panel.ts';
import { stackFrames } from '../frame/stack-frames.ts';
import { countCells, eachCell } from '../series/cells.ts';
import { tsfError } from './tsf-error.ts';
import { tsfTimes } from './tsf-frequency.ts';
import { emptyHeader, readTag, type TsfHeader } from './tsf-header.ts';

/** Short series take more memory than their values: every one has a name, times and attributes of its own. */
const MOST_SERIES = 2 ** 20;

/** What a `.tsf` file holds. */
export interface TsfData {
  /** One channel named `value`; every series is a segment. */
  readonly panel: Panel;
  /** As written, such as `monthly`. */
  readonly frequency?: string;
  /** Steps ahead that forecasts of the archive are judged at. */
  readonly horizon?: number;
  /** Per segment, by name: texts, numbers, and dates as milliseconds since 1970-01-01 UTC. */
  readonly attributes: readonly Readonly<Record<string, string | number>>[];
}

/**
 * Reads a `.tsf` file of the Monash forecasting archive (Godahewa et al., NeurIPS 2021 Datasets and Benchmarks): many series of
 * their own lengths, `?` for a missing value. With a date attribute and `@frequency`, rows get times; months, quarters and
 * years follow the calendar. Segments are named by the first text attribute, by all of them if that one repeats, else
 * `series 1`, `series 2`, ...
 *
 * @throws PatchBertError `data/bad-tsf` with the line; `data/bad-number`, `data/too-large`, `data/not-utf8` for UTF-16, `data/empty-file`,
 * `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/file-changed`.
 * @example
 * const { panel, horizon } = await readTsf('tourism_monthly_dataset.tsf');
 */
export async function readTsf(path: string): Promise<TsfData> {
  return readFileChunks('readTsf', path, readTsfStream);
}

/**
 * Reads the bytes of a `.tsf` file as they come.
 *
 * @param name what messages and the frame call the source, such as `tourism.tsf`.
 * @throws PatchBertError as `readTsf`.
 * @example
 * const { panel } = await readTsfStream([new TextEncoder().encode('@attribute id string\n@data\na:1,2,?,4\n')], 'inline.tsf');
 */
export async function readTsfStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
): Promise<TsfData> {
  const header = emptyHeader();
  const series: TsfSeries[] = [];
  let isData = false;
  let line = 0;
  const fail: LineError = (at, problem, code) => tsfError(name, at, problem, code);
  const tooLong = (at: number) => tsfError(name, at, LINE_TOO_LONG);
  for await (const raw of textLines(checkedChunks(chunks, fail), tooLong)) {
    const text = (++line === 1 ? raw.replace(/^\ufeff/, '') : raw).trim();
    if (text === '' || text.startsWith('#')) continue;
    if (isData) {
      if (series.length === MOST_SERIES) {
        throw tsfError(
          name,
          line,
          `is series ${MOST_SERIES + 1}; a file may have ${MOST_SERIES.toLocaleString('en')}. Split it.`,
          'data/too-large',
        );
      }
      series.push(readSeries(name, line, text, header));
    } else if (text.toLowerCase() === '@data') isData = true;
    else if (text.startsWith('@')) {
      requireShortHeader(fail, line, text);
      readTag(name, line, text, header);
    } else
      throw tsfError(
        name,
        line,
        `${showText(text)} stands before @data; expected a tag such as @attribute. Is this a .tsf file?`,
      );
  }
  if (line === 0) throw tsfError(name, undefined, 'is empty; expected a .tsf file.', 'data/empty-file');
  if (!isData) throw tsfError(name, undefined, 'has no line @data; is it complete?');
  if (series.length === 0)
    throw tsfError(name, undefined, 'has no series after @data; is it complete?', 'data/empty-file');
  return assemble(name, header, series);
}

interface TsfSeries {
  readonly attributes: readonly (string | number)[];
  readonly values: Float32Array;
}

function readSeries(file: string, line: number, text: string, { attributes }: TsfHeader): TsfSeries {
  if (text.startsWith('@'))
    throw tsfError(file, line, `the tag ${showText(text)} stands after @data; move it up.`);
  const fields = text.split(':', attributes.length + 2);
  if (fields.length !== attributes.length + 1) {
    const count =
      fields.length > attributes.length + 1 ? `more than ${attributes.length + 1}` : fields.length;
    throw tsfError(
      file,
      line,
      `has ${count} parts between colons; expected ${attributes.length + 1}: one per attribute, then the values.`,
    );
  }
  const read = attributes.map(({ name, type }, index): string | number => {
    const field = fields[index]!.trim();
    if (type === 'string') return field;
    const value = type === 'numeric' ? parseNumber(field) : startTime(field);
    if (value !== undefined) return value;
    const expected = type === 'numeric' ? 'a number' : 'a time stamp like 1979-01-01 00-00-00';
    throw tsfError(file, line, `attribute ${showText(name)} is ${showText(field)}; expected ${expected}.`);
  });
  return { attributes: read, values: readValues(file, line, fields[fields.length - 1]!) };
}

/** The archive writes hours, minutes and seconds with hyphens. */
function startTime(text: string): number | undefined {
  return parseTime(text.replace(/ (\d{1,2})-(\d{2})-(\d{2})$/, ' $1:$2:$3'))?.time;
}

function readValues(file: string, line: number, text: string): Float32Array {
  const values = new Float32Array(countCells(text, ',', 0));
  eachCell(text, ',', 0, (cell, index) => {
    const trimmed = cell.trim();
    const value = trimmed === '?' ? Number.NaN : parseNumber(trimmed);
    if (value === undefined) {
      const problem = `value ${index + 1}, ${showText(trimmed)}, ${explainBadNumber(trimmed, ',')}; write ? for a missing value.`;
      throw tsfError(file, line, problem, 'data/bad-number');
    }
    values[index] = value;
  });
  if (values.every(Number.isNaN)) throw tsfError(file, line, 'the series has no value; leave it out.');
  return values;
}

function assemble(name: string, header: TsfHeader, series: readonly TsfSeries[]): TsfData {
  const ids = seriesIds(header, series);
  const date = header.attributes.findIndex(({ type }) => type === 'date');
  const { step, frequency, horizon } = header;
  const frames = series.map(({ attributes, values }, index): Frame => {
    const isTimed = date >= 0 && step !== undefined;
    return createFrame({
      name: ids[index]!,
      channels: ['value'],
      columns: [values],
      ...(isTimed && { times: tsfTimes(step, attributes[date] as number, values.length) }),
      ...(isTimed && { timeColumn: header.attributes[date]!.name }),
    });
  });
  return {
    panel: stackFrames(frames, { name }),
    ...(frequency !== undefined && { frequency }),
    ...(horizon !== undefined && { horizon }),
    attributes: series.map(({ attributes }) =>
      Object.fromEntries(attributes.map((value, index) => [header.attributes[index]!.name, value])),
    ),
  };
}

function seriesIds({ attributes }: TsfHeader, series: readonly TsfSeries[]): readonly string[] {
  const texts = attributes.flatMap(({ type }, index) => (type === 'string' ? [index] : []));
  const joined = (indices: readonly number[]) =>
    series.map((one) => indices.map((index) => one.attributes[index]).join(' / '));
  for (const indices of [texts.slice(0, 1), texts]) {
    const ids = joined(indices);
    if (indices.length > 0 && new Set(ids).size === ids.length) return ids;
  }
  return series.map((_, index) => `series ${index + 1}`);
}
