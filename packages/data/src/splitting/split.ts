import { PatchBertError } from '@patchbert/errors';
import type { Rows } from '../frame/rows.ts';

/** Rows for training, for choosing and for reporting: in time order, never overlapping. */
export interface Split {
  readonly train: Rows;
  readonly validation: Rows;
  readonly test: Rows;
}

/** Where the parts end: training starts at `start` (0), validation at `trainEnd`, test at `validationEnd`. */
export interface Borders {
  readonly start?: number;
  readonly trainEnd: number;
  readonly validationEnd: number;
  readonly testEnd: number;
}

/**
 * A split at given rows; rows from `testEnd` on are not used.
 *
 * @throws PatchBertError `data/bad-split` unless 0 <= start < trainEnd < validationEnd < testEnd.
 * @example
 * const split = borderSplit({ trainEnd: 8640, validationEnd: 11520, testEnd: 14400 });
 */
export function borderSplit({ start = 0, trainEnd, validationEnd, testEnd }: Borders): Split {
  const borders = [start, trainEnd, validationEnd, testEnd];
  const ascending = borders.every(
    (border, i) => Number.isSafeInteger(border) && (i === 0 || borders[i - 1]! < border),
  );
  if (!ascending || start < 0) {
    throw new PatchBertError(
      'data/bad-split',
      `borderSplit: borders ${borders.join(', ')} leave a part empty or out of order; expected whole numbers with 0 <= start < trainEnd < validationEnd < testEnd.`,
    );
  }
  return Object.freeze({
    train: Object.freeze({ start, end: trainEnd }),
    validation: Object.freeze({ start: trainEnd, end: validationEnd }),
    test: Object.freeze({ start: validationEnd, end: testEnd }),
  });
}

/**
 * Whether training, validation and test rows stand in this order in a recording, no row in two parts: what is chosen on validation
 * rows is then never chosen on a row that is scored.
 *
 * @example
 * partsInOrder(panel.segments[0], split); // false when the test rows validate
 */
export function partsInOrder({ start, end }: Rows, { train, validation, test }: Split): boolean {
  const borders = [train, validation, test].flatMap((rows) => [rows.start, rows.end]);
  return [start, ...borders, end].every((row, i, all) => i === 0 || all[i - 1]! <= row);
}
