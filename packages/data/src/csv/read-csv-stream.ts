import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseConfig } from '@patchbert/errors';
import { CsvError, type Parser, parse } from 'csv-parse';
import type { Frame } from '../frame/frame.ts';
import type { Panel } from '../frame/panel.ts';
import { checkedText } from './checked-text.ts';
import {
  type CsvOptions,
  csvOptionsSchema,
  type LongCsvOptions,
  longCsvOptionsSchema,
} from './csv-options.ts';
import { csvError } from './csv-place.ts';
import { FrameReader } from './frame-reader.ts';

/** One record may not be larger: an unclosed quote must not pull a whole file into memory. */
const MAXIMUM_RECORD_BYTES = 16 * 1024 * 1024;

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

async function readRecords(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  delimiter: string,
  reader: FrameReader,
): Promise<void> {
  const position = { line: 1 };
  const parser = recordParser(reader, delimiter, position);
  const text = checkedText(chunks, (code, problem) => csvError(code, name, {}, problem));
  try {
    await pipeline(Readable.from(text), parser);
  } catch (error) {
    throw error instanceof CsvError ? syntaxError(name, position.line, error) : error;
  }
}

/** `position.line` is the line, counted from 1, on which the record being read begins. */
function recordParser(reader: FrameReader, delimiter: string, position: { line: number }): Parser {
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: MAXIMUM_RECORD_BYTES,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // Records are taken here and not passed on: streaming them out again would double the time.
    on_record: (cells: string[], { lines }) => {
      reader.read(cells, position.line);
      position.line = lines + 1;
      return null;
    },
  });
  return parser.resume();
}

function syntaxError(name: string, line: number, error: CsvError): Error {
  return csvError(
    'data/bad-csv',
    name,
    { line },
    SYNTAX_PROBLEMS[error.code] ?? `cannot be read (${error.code}).`,
  );
}

const STRAY_QUOTE = 'a quote stands inside a value; quote the whole value and double the quotes in it.';

const SYNTAX_PROBLEMS: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: 'is longer than 16 MiB; is a quote left open, or is the file not CSV?',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened here and never closed.',
  CSV_INVALID_CLOSING_QUOTE: STRAY_QUOTE,
  INVALID_OPENING_QUOTE: STRAY_QUOTE,
};
