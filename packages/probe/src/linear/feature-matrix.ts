import { PatchBertError } from '@patchbert/errors';

/** Features of many examples: `values` is `[rows, columns]`, row-major, in any units, finite. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Float64Array;
}

/** Throws `probe/bad-features` unless the sizes agree and every value is finite. */
export function checkFeatures(
  where: string,
  { rows, columns, values }: FeatureMatrix,
  leastRows: number,
): void {
  const bad = (what: string) => new PatchBertError('probe/bad-features', `${where}: ${what}`);
  for (const [name, size, least] of [
    ['rows', rows, leastRows],
    ['columns', columns, 1],
  ] as const) {
    if (!Number.isSafeInteger(size) || size < least) {
      throw bad(`${name} is ${size}; expected a whole number, ${least} or more.`);
    }
  }
  if (values.length !== rows * columns) {
    throw bad(
      `there are ${values.length} values; ${rows} rows of ${columns} columns need ${rows * columns}.`,
    );
  }
  const wrong = values.findIndex((value: number) => !Number.isFinite(value));
  if (wrong >= 0) {
    const [row, column] = [Math.floor(wrong / columns), wrong % columns];
    throw bad(`row ${row}, column ${column} is ${values[wrong]}; fill or leave out what is not a number.`);
  }
}
