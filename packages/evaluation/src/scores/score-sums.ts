import type { CentralInterval } from '../metrics/quantile-levels.ts';
import type { Scores } from './forecast-scores.ts';

/** Everything that scores are ratios of, as float64 sums. */
export interface ScoreSums {
  windows: number;
  points: number;
  squared: number;
  absolute: number;
  originalSquared: number;
  originalAbsolute: number;
  percentage: number;
  seasonal: number;
  seasonalWindows: number;
  /** Sum of |y|, original units. */
  magnitude: number;
  crossings: number;
  /** Per level, scaled units. */
  readonly pinball: Float64Array;
  /** Per level, original units. */
  readonly originalPinball: Float64Array;
  /** Per central interval: points inside. */
  readonly inside: Float64Array;
}

export function emptySums(levels: number, intervals: number): ScoreSums {
  return {
    windows: 0,
    points: 0,
    squared: 0,
    absolute: 0,
    originalSquared: 0,
    originalAbsolute: 0,
    percentage: 0,
    seasonal: 0,
    seasonalWindows: 0,
    magnitude: 0,
    crossings: 0,
    pinball: new Float64Array(levels),
    originalPinball: new Float64Array(levels),
    inside: new Float64Array(intervals),
  };
}

/** Adds `more` to `sums`. */
export function addSums(sums: ScoreSums, more: ScoreSums): void {
  sums.windows += more.windows;
  sums.points += more.points;
  sums.squared += more.squared;
  sums.absolute += more.absolute;
  sums.originalSquared += more.originalSquared;
  sums.originalAbsolute += more.originalAbsolute;
  sums.percentage += more.percentage;
  sums.seasonal += more.seasonal;
  sums.seasonalWindows += more.seasonalWindows;
  sums.magnitude += more.magnitude;
  sums.crossings += more.crossings;
  for (const name of ['pinball', 'originalPinball', 'inside'] as const) {
    for (let i = 0; i < sums[name].length; i++) sums[name][i]! += more[name][i]!;
  }
}

/** The scores that the sums stand for. */
export function scoresOf(sums: ScoreSums, intervals: readonly CentralInterval[]): Scores {
  const { windows, points, magnitude } = sums;
  const mse = sums.squared / points;
  const originalMse = sums.originalSquared / points;
  const levels = sums.pinball.length;
  return {
    windows,
    points,
    mse,
    mae: sums.absolute / points,
    rmse: Math.sqrt(mse),
    original: { mse: originalMse, mae: sums.originalAbsolute / points, rmse: Math.sqrt(originalMse) },
    smape: sums.percentage / points,
    ...(sums.seasonalWindows > 0 && { mase: sums.seasonal / sums.seasonalWindows }),
    maseWindows: sums.seasonalWindows,
    ...(levels > 0 && { meanQuantileLoss: total(sums.pinball) / (levels * points) }),
    ...(levels > 0 && magnitude > 0 && { wql: (2 * total(sums.originalPinball)) / (levels * magnitude) }),
    coverage: intervals.map(({ level }, i) => ({ level, share: sums.inside[i]! / points })),
    quantileCrossings: sums.crossings,
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
