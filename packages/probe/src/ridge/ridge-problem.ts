import { multiplyTransposed, transpose } from '../linear/multiply-transposed.ts';
import type { Standardised } from '../linear/standardise.ts';
import { type Tridiagonal, tridiagonalise } from './tridiagonalise.ts';

/**
 * A ridge regression made ready for any number of penalties: with A the weighted, centred features, `A A'` (no more rows
 * than columns) or `A' A` is tridiagonal in `basis`, where a penalty costs one substitution per row.
 */
export interface RidgeProblem {
  readonly rows: number;
  readonly columns: number;
  readonly targets: number;
  /** Whether `A A'` was reduced. */
  readonly dual: boolean;
  /** `[rows, columns]`: the features of a row less their weighted means, times the square root of its weight. */
  readonly features: Float64Array;
  /** `[rows, targets]`: the same of the targets. */
  readonly responses: Float64Array;
  /** `[rows]`: square roots of the weights. */
  readonly scales: Float64Array;
  readonly totalWeight: number;
  /** Weighted means of the features `[columns]` and targets `[targets]`. */
  readonly featureMeans: Float64Array;
  readonly targetMeans: Float64Array;
  readonly tridiagonal: Tridiagonal;
  /** `[rows, tridiagonal.size]`: the rotation, or `features * rotation`. */
  readonly basis: Float64Array;
  /** `[tridiagonal.size, targets]`: `basis' * responses`. */
  readonly projected: Float64Array;
}

/** @param targets `[rows, count]`, row-major; @param weights `[rows]`, each above 0. */
export function ridgeProblem(
  standardised: Standardised,
  targets: Float64Array,
  count: number,
  weights: Float64Array,
): RidgeProblem {
  const { rows, columns } = standardised;
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const scales = weights.map(Math.sqrt);
  const [features, featureMeans] = centred(standardised.values, columns, weights, totalWeight);
  const [responses, targetMeans] = centred(targets, count, weights, totalWeight);
  const dual = rows <= columns;
  const size = dual ? rows : columns;
  const byColumn = dual ? features : transpose(features, rows, columns);
  const gram = multiplyTransposed(byColumn, size, byColumn, size, dual ? columns : rows); // [n, d] x [d, n] -> [n, n]
  const tridiagonal = tridiagonalise(gram, size);
  const { rotation } = tridiagonal;
  const basis = dual
    ? rotation
    : multiplyTransposed(features, rows, transpose(rotation, size, size), size, size); // [n, d] x [d, d] -> [n, d]
  const projected = new Float64Array(size * count);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < size; j++) {
      for (let target = 0; target < count; target++) {
        projected[j * count + target]! += basis[row * size + j]! * responses[row * count + target]!;
      }
    }
  }
  return {
    rows,
    columns,
    targets: count,
    dual,
    features,
    responses,
    scales,
    totalWeight,
    featureMeans,
    targetMeans,
    tridiagonal,
    basis,
    projected,
  };
}

/** Rows less the weighted mean of each column, times the square root of the row's weight; and the means. */
function centred(
  values: Float64Array,
  columns: number,
  weights: Float64Array,
  totalWeight: number,
): [Float64Array, Float64Array] {
  const means = new Float64Array(columns);
  weights.forEach((weight, row) => {
    for (let j = 0; j < columns; j++) means[j]! += (weight / totalWeight) * values[row * columns + j]!;
  });
  const result = new Float64Array(values.length);
  weights.forEach((weight, row) => {
    const scale = Math.sqrt(weight);
    for (let j = 0; j < columns; j++) {
      result[row * columns + j] = scale * (values[row * columns + j]! - means[j]!);
    }
  });
  return [result, means];
}
