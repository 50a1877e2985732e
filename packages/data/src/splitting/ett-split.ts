import { PatchBertError } from '@patchbert/errors';
import { borderSplit, type Split } from './split.ts';

const ROWS_PER_MONTH = 30 * 24;

/**
 * The borders of the ETT benchmarks: 12 months for training, 4 for validation, 4 for test, of 30 days each
 * (Zhou et al., "Informer", AAAI 2021). The rows after them are not used.
 *
 * @param rowsPerHour 1 for ETTh1 and ETTh2, 4 for ETTm1 and ETTm2.
 * @param length number of rows of the file, to notice an hourly split of a quarter-hourly file.
 * @throws PatchBertError `data/wrong-rate` when the length belongs to the other kind of file.
 * @example
 * const { test } = ettSplit(1, 17_420); // rows 11,520 to 14,400
 */
export function ettSplit(rowsPerHour: 1 | 4, length: number): Split {
  const month = ROWS_PER_MONTH * rowsPerHour;
  const testEnd = 20 * month;
  if (length < testEnd) {
    throw new PatchBertError(
      'data/wrong-rate',
      `ettSplit: ${length} rows are fewer than the ${testEnd} of 20 months at ${rowsPerHour} per hour; expected a full ETT${rowsPerHour === 4 ? 'm' : 'h'} file.`,
    );
  }
  if (rowsPerHour === 1 && length >= 4 * testEnd) {
    throw new PatchBertError(
      'data/wrong-rate',
      `ettSplit: ${length} rows look like a quarter-hourly ETTm file; pass rowsPerHour 4, or the hourly ETTh file.`,
    );
  }
  return borderSplit({ trainEnd: 12 * month, validationEnd: 16 * month, testEnd });
}
