import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';

/** Makes an error at a line of a file, counted from 1; undefined for the file as a whole. */
export type LineError = (line: number | undefined, problem: string, code?: string) => PatchBertError;

/** Errors of one reader and file: `readTs: "vowels.ts" line 12: ...`, of `usualCode` unless said otherwise. */
export function lineErrors(where: string, file: string, usualCode: string): LineError {
  return (line, problem, code = usualCode) => {
    const place = line === undefined ? '' : ` line ${line}:`;
    return new PatchBertError(code, `${where}: ${showText(file)}${place} ${problem}`);
  };
}
