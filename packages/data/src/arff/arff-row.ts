import { showText } from '../csv/csv-place.ts';
import type { LineError } from '../files/line-error.ts';
import { badValue, parseValue } from '../series/parse-values.ts';
import { type ArffField, readField, splitArff } from './arff-fields.ts';

/** The fields of a row by index; those that a sparse row leaves out are not in it. */
export type ArffRow =
  | { readonly kind: 'dense'; readonly fields: readonly ArffField[] }
  | { readonly kind: 'sparse'; readonly fields: ReadonlyMap<number, ArffField> };

export function fieldOf(row: ArffRow, index: number): ArffField | undefined {
  return row.kind === 'dense' ? row.fields[index] : row.fields.get(index);
}

/** Splits a row of `count` fields, dense or sparse; `where` names it, such as `channel 2, `. */
export function arffRow(fail: LineError, line: number, text: string, count: number, where: string): ArffRow {
  if (text.startsWith('{')) return sparseRow(fail, line, text, count, where);
  const split = splitArff(text, count);
  if ('problem' in split) throw fail(line, `${where}${split.problem}.`);
  if (split.fields.length === count) return { kind: 'dense', fields: split.fields };
  throw fail(
    line,
    `${where}has ${split.fields.length > count ? `more than ${count}` : split.fields.length} ${split.fields.length === 1 ? 'field' : 'fields'} between commas; the header declares ${count}.`,
  );
}

function sparseRow(fail: LineError, line: number, text: string, count: number, where: string): ArffRow {
  if (!text.endsWith('}')) throw fail(line, `${where}the sparse row is never closed; expected } at its end.`);
  const inner = text.slice(1, -1).trim();
  const fields = new Map<number, ArffField>();
  let place = 0;
  while (place < inner.length) {
    const entry = /\s*(\d{1,9})\s+/y;
    entry.lastIndex = place;
    const match = entry.exec(inner);
    const index = match === null ? -1 : Number(match[1]);
    if (match === null || index >= count || fields.has(index)) {
      const shown = showText(inner.slice(place, place + 41));
      const problem =
        match === null
          ? `stands ${shown}; expected an index and a value such as 3 1.5`
          : `stands the index ${index}, ${index >= count ? `beyond the ${count} attributes, counted from 0` : 'for the second time'}`;
      throw fail(line, `${where}in the sparse row ${problem}.`);
    }
    const read = readField(inner, entry.lastIndex);
    if ('problem' in read) throw fail(line, `${where}index ${index} of the sparse row ${read.problem}.`);
    fields.set(index, read.field);
    place = read.end + 1;
  }
  return { kind: 'sparse', fields };
}

/** The numbers at `indices`: NaN for `?`, 0 for what a sparse row leaves out. */
export function arffNumbers(
  fail: LineError,
  line: number,
  row: ArffRow,
  indices: readonly number[],
  where: string,
): Float32Array {
  return Float32Array.from(indices, (index) => {
    const field = fieldOf(row, index);
    if (field === undefined) return 0;
    const value = parseValue(field.text);
    if (value === undefined) throw badValue(fail, line, `${where}value ${index + 1}`, field.text);
    return value;
  });
}
