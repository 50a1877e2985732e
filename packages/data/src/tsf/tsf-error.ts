import type { PatchBertError } from '@patchbert/errors';
import { lineErrors } from '../files/line-error.ts';

/** An error at a line of a file: `readTsf: "tourism.tsf" line 12: ...`. */
export function tsfError(
  file: string,
  line: number | undefined,
  problem: string,
  code?: string,
): PatchBertError {
  return lineErrors('readTsf', file, 'data/bad-tsf')(line, problem, code);
}
