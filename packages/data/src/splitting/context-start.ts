import { PatchBertError } from '@patchbert/errors';
import type { Rows } from '../frame/rows.ts';

/**
 * Where the windows of a validation or test part begin: `contextLength` rows early, so that the first row
 * of the part is already a target; never before row 0.
 *
 * @param contextLength rows a model looks back.
 * @throws PatchBertError `data/bad-window` when it is not a whole number >= 0.
 * @example
 * contextStart({ start: 11_520, end: 14_400 }, 512); // 11,008
 */
export function contextStart(rows: Rows, contextLength: number): number {
  if (!Number.isSafeInteger(contextLength) || contextLength < 0) {
    throw new PatchBertError(
      'data/bad-window',
      `contextStart: contextLength is ${contextLength}; expected a whole number of rows, 0 or more.`,
    );
  }
  return Math.max(0, rows.start - contextLength);
}
