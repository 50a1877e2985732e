import type { CentralInterval } from '../metrics/quantile-levels.ts';
import type { StepScores } from './forecast-scores.ts';

/** Everything that scores of a step are ratios of, as float64 sums over windows, [horizon] each. */
export interface StepSums {
  readonly points: Float64Array;
  readonly squared: Float64Array;
  readonly absolute: Float64Array;
  readonly originalSquared: Float64Array;
  readonly originalAbsolute: Float64Array;
  readonly percentage: Float64Array;
  /** Sum of |y|, original units. */
  readonly magnitude: Float64Array;
  /** Over all levels, scaled units. */
  readonly pinball: Float64Array;
  /** Over all levels, original units. */
  readonly originalPinball: Float64Array;
  /** Per central interval: points inside. */
  readonly inside: readonly Float64Array[];
}

export function emptySteps(horizon: number, intervals: number): StepSums {
  const zeros = () => new Float64Array(horizon);
  return {
    points: zeros(),
    squared: zeros(),
    absolute: zeros(),
    originalSquared: zeros(),
    originalAbsolute: zeros(),
    percentage: zeros(),
    magnitude: zeros(),
    pinball: zeros(),
    originalPinball: zeros(),
    inside: Array.from({ length: intervals }, zeros),
  };
}

/** The scores of each step that the sums stand for. */
export function stepScoresOf(
  sums: StepSums,
  levels: number,
  intervals: readonly CentralInterval[],
): StepScores {
  const { points, magnitude } = sums;
  const perPoint = (values: Float64Array) => ratios(values, points);
  return {
    points: Array.from(points),
    mse: perPoint(sums.squared),
    mae: perPoint(sums.absolute),
    original: { mse: perPoint(sums.originalSquared), mae: perPoint(sums.originalAbsolute) },
    smape: perPoint(sums.percentage),
    ...(levels > 0 && {
      meanQuantileLoss: ratios(sums.pinball, points, levels),
      wql: ratios(sums.originalPinball, magnitude, levels / 2),
    }),
    coverage: intervals.map(({ level }, i) => ({ level, share: perPoint(sums.inside[i]!) })),
  };
}

/** NaN where the denominator is 0: nothing was measured, or for WQL every y is 0. */
function ratios(sums: Float64Array, denominators: Float64Array, factor = 1): number[] {
  return Array.from(sums, (sum, step) => {
    const denominator = factor * denominators[step]!;
    return denominator === 0 ? Number.NaN : sum / denominator;
  });
}
