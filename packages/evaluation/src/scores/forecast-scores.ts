/** How often the truth lay inside a central interval. */
export interface Coverage {
  /** Share that should lie inside, such as 0.8 between the quantiles 0.1 and 0.9. */
  readonly level: number;
  /** Share that did; bounds count as inside. */
  readonly share: number;
}

/** Errors in the units of the data. Over channels of different units they are a mixture: look at each channel. */
export interface OriginalScores {
  readonly mse: number;
  readonly mae: number;
  readonly rmse: number;
}

/** Scores of a set of forecasts. NaN where nothing was measured (`points` is 0). */
export interface Scores {
  /** Windows added. */
  readonly windows: number;
  /** Measured points scored; every point weighs the same in every mean but `mase`. */
  readonly points: number;
  /** Scaled units: the error divided by `scale`. */
  readonly mse: number;
  readonly mae: number;
  readonly rmse: number;
  readonly original: OriginalScores;
  /** Percent, 0 to 200, from the original units. */
  readonly smape: number;
  /**
   * Mean over windows of (mean absolute error / `maseScale`). Windows with nothing measured, or whose scale is absent,
   * 0 (flat history) or NaN, do not count; absent when none counts.
   */
  readonly mase?: number;
  /** Windows that `mase` is the mean of. */
  readonly maseWindows: number;
  /** Mean pinball loss over levels and points, scaled units, no factor 2; absent without quantiles. */
  readonly meanQuantileLoss?: number;
  /** Mean over levels of `2 sum(pinball) / sum(|y|)`, original units; absent without quantiles or where all y are 0. */
  readonly wql?: number;
  /** One entry per central interval that the levels offer, narrowest first. */
  readonly coverage: readonly Coverage[];
  /** Measured points at which a higher quantile lay below a lower one. */
  readonly quantileCrossings: number;
}

/** Scores of one channel. */
export interface ChannelScores extends Scores {
  /** Its index, from 0. */
  readonly channel: number;
}

/** How often the truth lay inside a central interval, by distance ahead. */
export interface StepCoverage {
  /** Share that should lie inside, such as 0.8 between the quantiles 0.1 and 0.9. */
  readonly level: number;
  /** Share that did, [horizon]; bounds count as inside. */
  readonly share: readonly number[];
}

/**
 * Scores by distance ahead, [horizon] each, entry 0 for the first row after the context; NaN at a step at which nothing was
 * measured. Units and definitions are those of `Scores`, whose means are these weighed by `points`.
 */
export interface StepScores {
  /** Measured points scored. */
  readonly points: readonly number[];
  readonly mse: readonly number[];
  readonly mae: readonly number[];
  readonly original: { readonly mse: readonly number[]; readonly mae: readonly number[] };
  readonly smape: readonly number[];
  /** Absent without quantiles. */
  readonly meanQuantileLoss?: readonly number[];
  /** Absent without quantiles; NaN at a step where all y are 0. The total weighs the steps by their sums of |y|. */
  readonly wql?: readonly number[];
  /** One entry per central interval that the levels offer, narrowest first. */
  readonly coverage: readonly StepCoverage[];
}

/** Scores of everything, step by step and channel by channel. */
export interface ForecastScores extends Scores {
  readonly perStep: StepScores;
  /** The channels that got windows, ascending. */
  readonly perChannel: readonly ChannelScores[];
}
