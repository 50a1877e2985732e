/** Columns of mean 0 and deviation 1; columns that do not vary are left out. */
export interface Standardised {
  readonly rows: number;
  /** Number of columns kept. */
  readonly columns: number;
  /** `[rows, columns]`, row-major. */
  readonly values: Float64Array;
}

/** What rounding alone makes of a constant column of 32-bit numbers, relative to its largest value. */
const ROUNDING = 1e-6;

/** Features `[rows, columns]` less their column's mean, divided by its population deviation. */
export function standardiseColumns(matrix: {
  readonly features: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}): Standardised {
  const { features, rows, columns } = matrix;
  const kept: { column: number; mean: number; deviation: number }[] = [];
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    let largest = 0;
    for (let at = column; at < features.length; at += columns) {
      sum += features[at]!;
      largest = Math.max(largest, Math.abs(features[at]!));
    }
    const mean = sum / rows;
    let squares = 0;
    for (let at = column; at < features.length; at += columns) squares += (features[at]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    if (deviation > ROUNDING * largest) kept.push({ column, mean, deviation });
  }
  const values = new Float64Array(rows * kept.length);
  for (const [index, { column, mean, deviation }] of kept.entries()) {
    for (let row = 0; row < rows; row++) {
      values[row * kept.length + index] = (features[row * columns + column]! - mean) / deviation;
    }
  }
  return { rows, columns: kept.length, values };
}
