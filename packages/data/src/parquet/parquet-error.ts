import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';

/** An error at a place in a file: `readParquet: "load.parquet" column "OT" row 7: is ...`; rows count from 0. */
export function parquetError(
  code: string,
  file: string,
  place: { readonly column?: string; readonly row?: number },
  problem: string,
): PatchBertError {
  const column = place.column === undefined ? '' : ` column ${showText(place.column)}`;
  const row = place.row === undefined ? '' : ` row ${place.row}`;
  return new PatchBertError(code, `readParquet: ${showText(file)}${column}${row} ${problem}`);
}
