import { PatchBertError } from '@patchbert/errors';

/** What becomes of a value: `offset-1e6` moves it far away, `nan` makes it missing. */
export type Perturbation = 'offset-1e6' | 'nan';

/** Rows of every column: `start` is one of them, `end` is not; default end: the last row. */
export interface RowRange {
  readonly start: number;
  readonly end?: number;
}

/**
 * Copies of the columns in which every value of some rows was replaced: what must not see those rows must not move.
 *
 * `offset-1e6` adds a million times the column's largest magnitude (at least 1, so that float32 cannot swallow it); a
 * missing value becomes that number. `nan` makes every value missing.
 *
 * @param columns one array per channel, rows in time order, NaN = missing; left as they are.
 * @throws PatchBertError `evaluation/bad-rows` when the rows do not lie in the columns.
 * @example
 * const [column] = perturbRows([Float32Array.of(1, 2, 3)], { start: 2 }, 'nan'); // 1, 2, NaN
 */
export function perturbRows(
  columns: readonly Float32Array[],
  rows: RowRange,
  kind: Perturbation,
): Float32Array[] {
  return perturbCells(columns, cellsOfRows(columns, rows), kind);
}

/**
 * The same for single values: those that are marked in `cells`, such as the hidden patches of one channel.
 *
 * @param cells per column and row 1 = replaced.
 * @throws PatchBertError `evaluation/bad-rows` when marks and columns differ in number or length.
 * @example
 * const [column] = perturbCells([Float32Array.of(1, 2, 3)], [Uint8Array.of(0, 1, 0)], 'nan'); // 1, NaN, 3
 */
export function perturbCells(
  columns: readonly Float32Array[],
  cells: readonly Uint8Array[],
  kind: Perturbation,
): Float32Array[] {
  if (cells.length !== columns.length || columns.some(({ length }, c) => cells[c]!.length !== length)) {
    throw new PatchBertError(
      'evaluation/bad-rows',
      `perturbCells: ${cells.length} columns of marks for ${columns.length} columns of values; expected one mark for each value.`,
    );
  }
  return columns.map((column, c) => {
    const offset = kind === 'nan' ? Number.NaN : farOffset(column);
    return column.map((value, row) => {
      if (cells[c]![row] === 0) return value;
      return (Number.isNaN(value) ? 0 : value) + offset;
    });
  });
}

/** Marks of whole rows: per column and row 1 = in the range. */
export function cellsOfRows(columns: readonly Float32Array[], { start, end }: RowRange): Uint8Array[] {
  return columns.map(({ length }) => {
    const until = end ?? length;
    checkRows(start, until, length);
    return new Uint8Array(length).fill(1, start, until);
  });
}

/** A million times the largest magnitude in `values`, at least a million. */
export function farOffset(values: Float32Array): number {
  let largest = 1;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  return 1e6 * largest;
}

function checkRows(start: number, end: number, length: number): void {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || start >= end || end > length) {
    throw new PatchBertError(
      'evaluation/bad-rows',
      `perturbRows: rows ${start} to ${end} do not fit; expected whole numbers with 0 <= start < end <= ${length}.`,
    );
  }
}
