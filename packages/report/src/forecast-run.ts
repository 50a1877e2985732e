import type { RunData } from './run-data.ts';
import type { AuditCheck, Fact, Measure, TrainingCurve } from './run-parts.ts';

/** Everything the report of a forecaster shows. Plain data; parts that are empty or absent are left out of the page. */
export interface ForecastRun {
  readonly title: string;
  /** When the run started, ISO 8601. */
  readonly created: string;
  /** The command that reproduces the run. */
  readonly command?: string;
  readonly summary: ForecastSummary;
  /** One entry per horizon. */
  readonly results: readonly HorizonResults[];
  readonly perStep: readonly HorizonStepErrors[];
  readonly perChannel: readonly HorizonChannelErrors[];
  readonly gallery: readonly ForecastWindow[];
  readonly training: readonly TrainingCurve[];
  readonly selection: readonly Selection[];
  readonly data: RunData;
  /** Borders, windows, seeds, versions and whatever else a reader needs to repeat the numbers. */
  readonly facts: readonly Fact[];
  readonly audit?: readonly AuditCheck[];
  /** Every setting; nested objects become groups. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface ForecastSummary {
  /** In rows. */
  readonly horizons: readonly number[];
  /** In rows. */
  readonly contextLength: number;
  /** How the forecaster was fitted, in words. */
  readonly strategy: string;
  /** Test windows that were scored, all horizons and channels together as the caller counts them. */
  readonly windows: number;
  readonly channels: number;
  /** Wall time of the whole run. */
  readonly seconds: number;
}

/** How every method did at one horizon, on the test rows. */
export interface HorizonResults {
  readonly horizon: number;
  /** The forecaster first, then its members, then the baselines. */
  readonly rows: readonly ForecastScore[];
  /** One sentence; empty for none. */
  readonly verdict: string;
  /** What share of the truth the intervals behind `coverage` should hold, 0 to 1. */
  readonly level?: number;
}

export interface ForecastScore {
  readonly method: string;
  /** `member`: a part that the forecaster combines; `control`: the same network without pretraining. */
  readonly kind: 'ours' | 'member' | 'baseline' | 'control';
  /** Scaled units: of the channel's standard deviation over the training rows. */
  readonly mse: Measure;
  readonly mae: Measure;
  /** Percent, 0 to 200. */
  readonly smape?: Measure;
  readonly mase?: Measure;
  /** Share of the truth inside the interval, 0 to 1. */
  readonly coverage?: Measure;
}

/** How every method did at each step of a horizon, on the test rows. */
export interface HorizonStepErrors {
  readonly horizon: number;
  readonly curves: readonly StepErrors[];
}

/** Entry 0 is the first row after the context. */
export interface StepErrors {
  readonly method: string;
  /** Scaled units. */
  readonly mse: readonly Measure[];
  /** Share of the truth inside the interval, 0 to 1; its level is that of the horizon's `HorizonResults`. */
  readonly coverage?: readonly Measure[];
}

export interface HorizonChannelErrors {
  readonly horizon: number;
  /** What `baselineMse` is of; default 'best baseline'. */
  readonly baseline?: string;
  readonly channels: readonly ForecastChannelError[];
}

export interface ForecastChannelError {
  readonly channel: string;
  readonly unit?: string;
  /** Scaled units. */
  readonly mse: Measure;
  readonly mae: Measure;
  /** Mean absolute error in the channel's own unit. */
  readonly originalMae: Measure;
  /** Scaled units. */
  readonly baselineMse: Measure;
}

/** One test window of one channel, in the user's units; `null` is a missing point. */
export interface ForecastWindow {
  /** Which window this is: 'worst', 'median' or 'best', the channel and the date. */
  readonly title: string;
  readonly channel: string;
  readonly unit?: string;
  /** Milliseconds since the epoch, UTC: one for each point of the context, then of the horizon. */
  readonly times?: readonly number[];
  readonly context: readonly Measure[];
  readonly truth: readonly Measure[];
  readonly forecast: readonly Measure[];
  /** Bounds of the interval, as long as `forecast`. */
  readonly lower?: readonly Measure[];
  readonly upper?: readonly Measure[];
  /** What share of the truth the interval should hold, 0 to 1. */
  readonly level?: number;
  /** The forecast of the linear member alone. */
  readonly linear?: readonly Measure[];
}

/** One choice made on the validation rows. */
export interface Selection {
  readonly what: string;
  readonly candidates: readonly {
    readonly label: string;
    /** Validation error. */
    readonly validation: Measure;
    readonly chosen: boolean;
  }[];
}
