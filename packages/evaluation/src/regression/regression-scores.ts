import { PatchBertError } from '@patchbert/errors';
import { middleRanks } from '../classification/area-under-curve.ts';

export interface RegressionScores {
  readonly count: number;
  readonly mse: number;
  readonly rmse: number;
  readonly mae: number;
  /** Share of the targets' variance explained, 1 at best; NaN when all targets are equal. */
  readonly r2: number;
  /** Correlation, -1 to 1; NaN when the predictions or the targets are all equal. */
  readonly pearson: number;
  /** Correlation of the ranks, ties sharing their mean. */
  readonly spearman: number;
}

/**
 * What predicted numbers are worth, in the targets' units.
 *
 * @param options.predictions `[count]`, finite.
 * @param options.targets `[count]`, finite.
 * @throws PatchBertError `evaluation/bad-targets`.
 * @example
 * const { rmse } = regressionScores({ predictions: Float64Array.of(1, 3), targets: Float64Array.of(1, 2) }); // 0.707
 */
export function regressionScores({
  predictions,
  targets,
}: {
  readonly predictions: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
}): RegressionScores {
  const count = targets.length;
  checkNumbers(predictions, targets);
  const [predicted, truth] = [Float64Array.from(predictions), Float64Array.from(targets)];
  let squares = 0;
  let distances = 0;
  truth.forEach((value, i) => {
    squares += (value - predicted[i]!) ** 2;
    distances += Math.abs(value - predicted[i]!);
  });
  return {
    count,
    mse: squares / count,
    rmse: Math.sqrt(squares / count),
    mae: distances / count,
    r2: constant(truth) ? Number.NaN : 1 - squares / productSum(truth, truth),
    pearson: correlation(predicted, truth),
    spearman: correlation(middleRanks(predicted), middleRanks(truth)),
  };
}

function correlation(a: Float64Array, b: Float64Array): number {
  if (constant(a) || constant(b)) return Number.NaN;
  return productSum(a, b) / Math.sqrt(productSum(a, a) * productSum(b, b));
}

/** Sum of products of distances from the means. */
function productSum(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let sum = 0;
  a.forEach((value, i) => {
    sum += (value - meanA) * (b[i]! - meanB);
  });
  return sum;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function constant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function checkNumbers(predictions: ArrayLike<number>, targets: ArrayLike<number>): void {
  const bad = (what: string) => new PatchBertError('evaluation/bad-targets', `regressionScores: ${what}`);
  if (targets.length === 0 || predictions.length !== targets.length) {
    throw bad(
      `there are ${predictions.length} predictions and ${targets.length} targets; expected one or more of each, as many.`,
    );
  }
  for (let i = 0; i < targets.length; i++) {
    if (!Number.isFinite(targets[i]))
      throw bad(`target ${i} is ${targets[i]}; leave out what was not measured.`);
    if (!Number.isFinite(predictions[i]))
      throw bad(`prediction ${i} is ${predictions[i]}; expected a finite number.`);
  }
}
