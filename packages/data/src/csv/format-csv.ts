import { PatchBertError } from '@patchbert/errors';
import { showTime } from '../times/show-time.ts';
import { LARGEST_FLOAT32 } from './parse-number.ts';

/** One column of a table to write; all have the same number of rows. */
export type CsvColumn =
  /** NaN becomes an empty cell; 32-bit values get the fewest digits that read back as the same 32-bit value. */
  | { readonly name: string; readonly numbers: ArrayLike<number> }
  /** Milliseconds since 1970-01-01 UTC, written as ISO 8601. */
  | { readonly name: string; readonly times: ArrayLike<number> }
  | { readonly name: string; readonly texts: readonly string[] };

/**
 * A table as CSV text (RFC 4180, lines end with LF): a header, then a line per row; names and texts are quoted where they
 * must be. `readCsv` reads back the same values.
 *
 * Texts are written as they are: one that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet program, and changing it here
 * would change names and ids for every other reader. Where ids come from strangers, import the columns as text.
 *
 * @throws PatchBertError `data/bad-columns` for no column, columns of different lengths, an infinite number or a time
 * that is none.
 * @example
 * formatCsv([{ name: 'id', texts: ['a', 'b'] }, { name: 'load', numbers: [1.5, NaN] }]); // 'id,load\na,1.5\nb,\n'
 */
export function formatCsv(columns: readonly CsvColumn[]): string {
  const [first] = columns;
  if (first === undefined) throw bad('there is no column; expected at least one.');
  const rows = lengthOf(first);
  for (const column of columns) {
    if (lengthOf(column) === rows) continue;
    throw bad(
      `column ${JSON.stringify(column.name)} has ${lengthOf(column)} rows, ${JSON.stringify(first.name)} has ${rows}; expected the same number.`,
    );
  }
  const cells = columns.map(cellWriter);
  const lines = [columns.map(({ name }) => quoted(name)).join(',')];
  for (let row = 0; row < rows; row++) {
    const line = cells.map((cell) => cell(row)).join(',');
    // An empty line would be no row at all to a reader.
    lines.push(line === '' ? '""' : line);
  }
  return `${lines.join('\n')}\n`;
}

function lengthOf(column: CsvColumn): number {
  if ('numbers' in column) return column.numbers.length;
  return 'times' in column ? column.times.length : column.texts.length;
}

function cellWriter(column: CsvColumn): (row: number) => string {
  const fail = (row: number, value: number, expected: string): never => {
    throw bad(`column ${JSON.stringify(column.name)} row ${row} is ${value}; expected ${expected}.`);
  };
  if ('texts' in column) return (row) => quoted(column.texts[row]!);
  if ('times' in column) {
    return (row) => {
      const time = column.times[row]!;
      if (Number.isNaN(new Date(time).getTime())) fail(row, time, 'milliseconds since 1970');
      return showTime(time);
    };
  }
  const digits = column.numbers instanceof Float32Array ? float32Digits : String;
  return (row) => {
    const value = column.numbers[row]!;
    if (Number.isNaN(value)) return '';
    if (!Number.isFinite(value)) fail(row, value, 'a finite number or NaN');
    return digits(value);
  };
}

function float32Digits(value: number): string {
  for (let precision = 6; precision <= 9; precision++) {
    const short = Number(value.toPrecision(precision));
    // Rounded up, the largest 32-bit value would read as one beyond them.
    if (Math.fround(short) === value && Math.abs(short) <= LARGEST_FLOAT32) return String(short);
  }
  return String(value);
}

function quoted(text: string): string {
  const plain = !/[",\r\n]/.test(text) && text === text.trim();
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}

function bad(problem: string): PatchBertError {
  return new PatchBertError('data/bad-columns', `formatCsv: ${problem}`);
}
