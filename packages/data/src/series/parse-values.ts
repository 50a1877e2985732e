import { showText } from '../csv/csv-place.ts';
import { explainBadNumber, parseNumber } from '../csv/parse-number.ts';
import type { LineError } from '../files/line-error.ts';
import { countCells, eachCell } from './cells.ts';

/** The number of a cell, NaN for `?` and `NaN`; undefined for any other text. */
export function parseValue(cell: string): number | undefined {
  const value = parseNumber(cell);
  if (value !== undefined) return value;
  const text = cell.trim();
  return /^(\?|nan)$/i.test(text) ? Number.NaN : parseNumber(text);
}

/** The error for a cell that `parseValue` does not take; `what` names it, such as `channel 2, value 7`. */
export function badValue(fail: LineError, line: number, what: string, cell: string): Error {
  const text = cell.trim();
  return fail(
    line,
    `${what}, ${showText(text)}, ${explainBadNumber(text, ',')}; write ? for a missing value.`,
    'data/bad-number',
  );
}

/** Numbers between commas; none for a blank text. */
export function parseValues(fail: LineError, line: number, what: string, text: string): Float32Array {
  if (text.trim() === '') return new Float32Array(0);
  const values = new Float32Array(countCells(text, ',', 0));
  eachCell(text, ',', 0, (cell, index) => {
    const value = parseValue(cell);
    if (value === undefined) throw badValue(fail, line, `${what}value ${index + 1}`, cell);
    values[index] = value;
  });
  return values;
}

/** Channels without the points at the end that are missing in all of them: how archives pad shorter series. All missing: as they are. */
export function withoutPadding(channels: readonly Float32Array[]): readonly Float32Array[] {
  let length = channels[0]?.length ?? 0;
  while (length > 0 && channels.every((channel) => Number.isNaN(channel[length - 1]))) length--;
  if (length === 0) return channels;
  return channels.map((channel) => (channel.length === length ? channel : channel.slice(0, length)));
}
