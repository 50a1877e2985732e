import { PatchBertError } from '@patchbert/errors';
import { borderSplit, type Split } from './split.ts';

/** Shares of the rows; the test part gets what is left. */
export interface Ratios {
  readonly train?: number;
  readonly validation?: number;
}

/**
 * A split by shares, 70/10/20 unless said: `floor(length * train)` rows for training, `floor(length * test)`
 * at the end for test, what lies between for validation, as Autoformer and the papers after it count.
 *
 * @param length number of rows.
 * @throws PatchBertError `data/bad-split` when a share is not in (0, 1) or a part gets no row.
 * @example
 * const split = ratioSplit(52_696); // train 36,887, validation 5,270, test 10,539 rows
 */
export function ratioSplit(length: number, { train = 0.7, validation = 0.1 }: Ratios = {}): Split {
  // 1 - 0.7 - 0.1 is 0.20000000000000007 in float64: back to the decimal that was meant.
  const test = Number((1 - train - validation).toFixed(12));
  if (!(train > 0 && validation > 0 && test > 0)) {
    throw new PatchBertError(
      'data/bad-split',
      `ratioSplit: train ${train} and validation ${validation} leave ${test} for test; expected three shares above 0 that add up to 1.`,
    );
  }
  const trainEnd = Math.floor(length * train);
  const validationEnd = length - Math.floor(length * test);
  if (trainEnd < 1 || validationEnd <= trainEnd || validationEnd >= length) {
    throw new PatchBertError(
      'data/bad-split',
      `ratioSplit: ${length} rows are too few for shares ${train}, ${validation} and ${test}; expected at least one row in each part.`,
    );
  }
  return borderSplit({ trainEnd, validationEnd, testEnd: length });
}
