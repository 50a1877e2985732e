import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';

/** An error at a line of a file: `readTsf: "tourism.tsf" line 12: ...`. */
export function tsfError(
  file: string,
  line: number | undefined,
  problem: string,
  code = 'data/bad-tsf',
): PatchBertError {
  const place = line === undefined ? '' : ` line ${line}:`;
  return new PatchBertError(code, `readTsf: ${showText(file)}${place} ${problem}`);
}
