import { PatchBertError } from '@patchbert/errors';

/** A half-open range of rows: `start` is in it, `end` is not. */
export interface Rows {
  readonly start: number;
  readonly end: number;
}

/** Throws `data/bad-rows` unless 0 <= start < end <= length, all whole numbers. */
export function checkRows(where: string, rows: Rows, length: number): void {
  const { start, end } = rows;
  if (
    !Number.isSafeInteger(start) ||
    !Number.isSafeInteger(end) ||
    start < 0 ||
    end > length ||
    start >= end
  ) {
    throw new PatchBertError(
      'data/bad-rows',
      `${where}: rows ${start} to ${end} do not fit; expected whole numbers with 0 <= start < end <= ${length}.`,
    );
  }
}
