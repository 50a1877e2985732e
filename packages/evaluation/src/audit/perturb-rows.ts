import { PatchBertError } from '@patchbert/errors';

/** What becomes of a value: `offset-1e6` moves it far away, `nan` makes it missing. */
export type Perturbation = 'offset-1e6' | 'nan';

/**
 * Copies of the columns in which every value of some rows was replaced: what must not see those rows must not move.
 *
 * `offset-1e6` adds a million times the column's largest magnitude (at least 1, so that float32 cannot swallow it); a
 * missing value becomes that number. `nan` makes every value missing.
 *
 * @param columns one array per channel, rows in time order, NaN = missing; left as they are.
 * @param rows `start` is perturbed, `end` is not; default end: the last row.
 * @throws PatchBertError `evaluation/bad-rows` when the rows do not lie in the columns.
 * @example
 * const [column] = perturbRows([Float32Array.of(1, 2, 3)], { start: 2 }, 'nan'); // 1, 2, NaN
 */
export function perturbRows(
  columns: readonly Float32Array[],
  rows: { readonly start: number; readonly end?: number },
  kind: Perturbation,
): Float32Array[] {
  return columns.map((column) => {
    const { start, end = column.length } = rows;
    checkRows(start, end, column.length);
    const copy = column.slice();
    if (kind === 'nan') return copy.fill(Number.NaN, start, end);
    const offset = farOffset(column);
    for (let row = start; row < end; row++) copy[row] = (Number.isNaN(copy[row]) ? 0 : copy[row]!) + offset;
    return copy;
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
