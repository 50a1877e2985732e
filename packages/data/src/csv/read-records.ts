import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { checkedText } from './checked-text.ts';
import { csvError } from './csv-place.ts';

/** One record may not be larger: an unclosed quote must not pull a whole file into memory. */
const MAXIMUM_RECORD_BYTES = 16 * 1024 * 1024;

/** Bytes are handed on in pieces of this size, so that a record without end is noticed soon. */
const PIECE_BYTES = 256 * 1024;

/** How far the parser may lag behind the bytes handed to it. */
const LAG_BYTES = 4 * PIECE_BYTES;

/** Where the parser is. */
interface Position {
  /** The line, counted from 1, on which the record being read begins. */
  line: number;
  /** Bytes handed to the parser. */
  given: number;
  /** Bytes handed to the parser when the last record ended. */
  ended: number;
}

/** Takes the records of a table; `line` is the line a record begins on, counted from 1. */
export interface RecordReader {
  read(cells: readonly string[], line: number): void;
}

/** Parses CSV bytes as they come and hands each record to `reader`. */
export async function readRecords(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  delimiter: string,
  reader: RecordReader,
): Promise<void> {
  const position: Position = { line: 1, given: 0, ended: 0 };
  const parser = recordParser(reader, delimiter, position);
  const text = checkedText(chunks, (code, problem) => csvError(code, name, {}, problem));
  try {
    await pipeline(Readable.from(boundedRecords(text, name, position)), parser);
  } catch (error) {
    throw error instanceof CsvError ? syntaxError(name, position.line, error) : error;
  }
}

/**
 * Passes bytes on as long as records end: the parser counts the characters of values, but neither delimiters nor the memory
 * that an empty value takes.
 */
async function* boundedRecords(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  position: Position,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      if (position.given - position.ended > MAXIMUM_RECORD_BYTES + LAG_BYTES) {
        throw csvError('data/bad-csv', name, { line: position.line }, TOO_LONG);
      }
      const piece = chunk.subarray(start, start + PIECE_BYTES);
      position.given += piece.length;
      yield piece;
    }
  }
}

function recordParser(reader: RecordReader, delimiter: string, position: Position): Parser {
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
      position.ended = position.given;
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

const TOO_LONG = 'is longer than 16 MiB; is a quote left open, or is the file not CSV?';
const STRAY_QUOTE = 'a quote stands inside a value; quote the whole value and double the quotes in it.';

const SYNTAX_PROBLEMS: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: TOO_LONG,
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened here and never closed.',
  CSV_INVALID_CLOSING_QUOTE: STRAY_QUOTE,
  INVALID_OPENING_QUOTE: STRAY_QUOTE,
};
