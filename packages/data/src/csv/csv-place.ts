import { PatchBertError } from '@patchbert/errors';

/** A value as shown in a message: quoted, one line, at most 40 characters. */
export function showText(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

/** An error at a place in a file: `readCsv: "load.csv" line 7, column "OT": "x" is not a number`. */
export function csvError(
  code: string,
  file: string,
  place: { readonly line?: number; readonly column?: string },
  problem: string,
): PatchBertError {
  const line = place.line === undefined ? '' : ` line ${place.line}`;
  const column =
    place.column === undefined ? '' : `${line === '' ? '' : ','} column ${showText(place.column)}`;
  const joint = /^(changed|has|holds|is) /.test(problem) ? ' ' : ': ';
  return new PatchBertError(code, `readCsv: ${showText(file)}${line}${column}${joint}${problem}`);
}
