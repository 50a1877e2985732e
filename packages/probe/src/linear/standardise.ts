import type { FeatureMatrix } from './feature-matrix.ts';
import type { LinearModel } from './linear-model.ts';

/** Columns with mean 0 and deviation 1; columns that do not vary are left out. */
export interface Standardised {
  readonly rows: number;
  /** Number of columns kept. */
  readonly columns: number;
  /** `[rows, columns]`, row-major. */
  readonly values: Float64Array;
  /** For each column kept: where it was, and its mean and deviation. */
  readonly kept: readonly { readonly column: number; readonly mean: number; readonly deviation: number }[];
}

/** What rounding alone makes of a constant column, relative to its largest value. */
const ROUNDING = { float32: 1e-6, float64: 1e-12 };

/** Every column less its mean, divided by its population deviation; both of all rows, whatever their weight. */
export function standardise({ rows, columns, values }: FeatureMatrix): Standardised {
  const rounding = values instanceof Float32Array ? ROUNDING.float32 : ROUNDING.float64;
  const kept: { column: number; mean: number; deviation: number }[] = [];
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    let largest = 0;
    for (let at = column; at < values.length; at += columns) {
      sum += values[at]!;
      largest = Math.max(largest, Math.abs(values[at]!));
    }
    const mean = sum / rows;
    let squares = 0;
    for (let at = column; at < values.length; at += columns) squares += (values[at]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    if (deviation > rounding * largest) kept.push({ column, mean, deviation });
  }
  const standardised = new Float64Array(rows * kept.length);
  kept.forEach(({ column, mean, deviation }, j) => {
    for (let row = 0; row < rows; row++) {
      standardised[row * kept.length + j] = (values[row * columns + column]! - mean) / deviation;
    }
  });
  return { rows, columns: kept.length, values: standardised, kept };
}

/** The model on raw features that equals `weight` (`[outputs, kept]`) and `intercept` on standardised ones. */
export function foldStandardisation(
  { kept }: Standardised,
  columns: number,
  weight: Float64Array,
  intercept: Float64Array,
): LinearModel {
  const outputs = intercept.length;
  const raw = new Float32Array(outputs * columns);
  const bias = Float32Array.from(intercept, (constant, output) => {
    // The means go through the weights as rounded, so that rounding acts on distances from the mean only.
    let sum = constant;
    kept.forEach(({ column, mean, deviation }, j) => {
      const at = output * columns + column;
      raw[at] = weight[output * kept.length + j]! / deviation;
      sum -= raw[at]! * mean;
    });
    return sum;
  });
  return { outputs, columns, weight: raw, bias };
}
