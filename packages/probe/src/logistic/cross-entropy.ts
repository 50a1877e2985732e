import { multiplyTransposed, transpose } from '../linear/multiply-transposed.ts';
import type { Standardised } from '../linear/standardise.ts';
import type { Objective } from './minimise.ts';

/**
 * Weighted mean cross-entropy of softmax(features * weight' + bias), plus penalty / 2 times the squared weights over the
 * total weight of the rows. A point is `[classes, columns]` weights, then `[classes]` biases.
 */
export function crossEntropyObjective(
  { rows, columns, values }: Standardised,
  labels: Int32Array,
  classes: number,
  weights: Float64Array,
  penalty: number,
): Objective {
  const byColumn = transpose(values, rows, columns);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const biases = classes * columns;
  return (point, gradient) => {
    const weight = point.subarray(0, biases);
    const scores = multiplyTransposed(values, rows, weight, classes, columns); // [n, d] x [d, K] -> [n, K]
    let loss = 0;
    gradient.fill(0, biases);
    for (let row = 0; row < rows; row++) {
      const own = scores.subarray(row * classes, (row + 1) * classes);
      loss += weights[row]! * toResiduals(own, point.subarray(biases), labels[row]!, weights[row]! / total);
      for (let k = 0; k < classes; k++) gradient[biases + k]! += own[k]!;
    }
    const residuals = transpose(scores, rows, classes);
    gradient.set(multiplyTransposed(residuals, classes, byColumn, columns, rows)); // [K, n] x [n, d] -> [K, d]
    let squares = 0;
    for (let at = 0; at < biases; at++) {
      squares += point[at]! ** 2;
      gradient[at]! += (penalty / total) * point[at]!;
    }
    return (loss + (penalty / 2) * squares) / total;
  };
}

/** Turns the scores of a row into `share * (probabilities - truth)` and gives -ln(probability of `label`). */
function toResiduals(scores: Float64Array, bias: Float64Array, label: number, share: number): number {
  let largest = -Infinity;
  for (let k = 0; k < scores.length; k++) {
    scores[k]! += bias[k]!;
    largest = Math.max(largest, scores[k]!);
  }
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += Math.exp(scores[k]! - largest);
  const loss = Math.log(sum) + largest - scores[label]!;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = share * (Math.exp(scores[k]! - largest) / sum - (k === label ? 1 : 0));
  }
  return loss;
}
