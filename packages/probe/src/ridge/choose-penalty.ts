import type { RidgeProblem } from './ridge-problem.ts';
import { leaveOneOutPredictions } from './solve-ridge.ts';

/** The penalty with the smallest mean squared error of leave-one-out, the first of equals; errors weigh as in the fit. */
export function choosePenalty(
  problem: RidgeProblem,
  targets: Float64Array,
  weights: Float64Array,
  penalties: readonly number[],
) {
  const tried = penalties.map((penalty) => {
    const predictions = leaveOneOutPredictions(problem, penalty);
    return { penalty, predictions, squaredError: meanSquaredError(predictions, targets, weights) };
  });
  const best = tried.reduce((best, one) => (one.squaredError < best.squaredError ? one : best));
  return { tried, best };
}

function meanSquaredError(predictions: Float64Array, targets: Float64Array, weights: Float64Array): number {
  const count = targets.length / weights.length;
  let sum = 0;
  let total = 0;
  weights.forEach((weight, row) => {
    total += weight * count;
    for (let at = row * count; at < (row + 1) * count; at++) {
      sum += weight * (targets[at]! - predictions[at]!) ** 2;
    }
  });
  return sum / total;
}
