import type { AuditCheck, Fact, Measure, TrainingCurve } from './run-parts.ts';

/**
 * Everything the report of a classifier, or of a regressor of one number per series, shows. Plain data; parts that are
 * empty or absent are left out of the page.
 */
export interface ClassificationRun {
  readonly title: string;
  /** When the run started, ISO 8601. */
  readonly created: string;
  /** The command that reproduces the run. */
  readonly command?: string;
  readonly task: 'classification' | 'regression';
  readonly summary: ClassificationSummary;
  /** Every method on the test series; the run's own first. */
  readonly results: readonly MethodScore[];
  /** What share of repeated draws of the test series the intervals of `results` hold, 0 to 1. */
  readonly level?: number;
  /** What the results come to, in a sentence or two; empty for none. */
  readonly verdict: string;
  readonly confusion?: Confusion;
  readonly perClass?: readonly ClassScore[];
  /** One entry per training: pretraining and fine-tuning of each member. */
  readonly training: readonly TrainingCurve[];
  readonly map?: EmbeddingMap;
  /** Series whose hidden points the pretrained encoder drew. */
  readonly reconstructions?: readonly Reconstruction[];
  /** The mistakes to show, the most confident first. */
  readonly mistakes?: readonly Mistake[];
  /** Regression: one entry per test series. */
  readonly scatter?: readonly { readonly truth: number; readonly predicted: number }[];
  /** Test series in bins of the probability that the predicted class was given, ascending. */
  readonly reliability?: readonly ReliabilityBin[];
  readonly selection: readonly ClassificationSelection[];
  readonly data: ClassificationData;
  /** Folds, seeds, versions and whatever else a reader needs to repeat the numbers. */
  readonly facts: readonly Fact[];
  readonly audit?: readonly AuditCheck[];
  /** Every setting; nested objects become groups. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface ClassificationSummary {
  readonly trainSeries: number;
  readonly testSeries: number;
  /** 0 for a regression. */
  readonly classes: number;
  readonly channels: number;
  /** In points. */
  readonly shortest: number;
  readonly longest: number;
  /** Networks whose predictions are averaged. */
  readonly members: number;
  /** How the model was fitted, in words. */
  readonly strategy: string;
  /** Wall time of the whole run. */
  readonly seconds: number;
}

/** One method's scores on the test series; a classification fills the upper ones, a regression the last three. */
export interface MethodScore {
  readonly method: string;
  /**
   * `member`: one network of those the run combines; `readout`: one way to read predictions from them; `control`: the
   * same network without pretraining; `probe`: a linear model on frozen features.
   */
  readonly kind: 'ours' | 'member' | 'readout' | 'baseline' | 'control' | 'probe';
  /** Shares of 1. */
  readonly accuracy?: Measure;
  readonly balancedAccuracy?: Measure;
  readonly macroF1?: Measure;
  /** Natural logarithm. */
  readonly logLoss?: Measure;
  readonly auroc?: Measure;
  readonly calibrationError?: Measure;
  /** In the target's units. */
  readonly rmse?: Measure;
  readonly mae?: Measure;
  readonly r2?: Measure;
  /** Around the accuracy, or the root mean squared error of a regression. */
  readonly interval?: readonly [low: Measure, high: Measure];
}

/** Counts of test series: one row per true class, one column per predicted class, both in the order of `classes`. */
export interface Confusion {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

export interface ClassScore {
  readonly label: string;
  /** Test series of this class. */
  readonly support: number;
  readonly precision: Measure;
  readonly recall: Measure;
  readonly f1: Measure;
  readonly auroc?: Measure;
}

/** Embeddings of the series in a plane; distances have no unit. */
export interface EmbeddingMap {
  readonly method: 'PCA' | 'UMAP';
  readonly points: readonly MapPoint[];
  /** PCA: the share of the variance that each axis holds, 0 to 1. */
  readonly explained?: readonly Measure[];
}

export interface MapPoint {
  readonly x: number;
  readonly y: number;
  /** The true class; for a regression the target, as text. */
  readonly label: string;
  readonly part: 'train' | 'test';
  /** Whether the prediction is right; absent where none was made. */
  readonly correct?: boolean;
}

/** One channel of one series, `null` a missing point; the three lists are of one length. */
export interface Reconstruction {
  readonly title: string;
  readonly channel: string;
  readonly values: readonly Measure[];
  readonly reconstruction: readonly Measure[];
  readonly hidden: readonly boolean[];
}

export interface ShownSeries {
  readonly title: string;
  readonly id: string;
  /** True class, or target as text. */
  readonly truth: string;
  readonly predicted: string;
  /** Of the predicted class, 0 to 1; null where there are no probabilities. */
  readonly probability: Measure;
  readonly channels: readonly { readonly name: string; readonly values: readonly Measure[] }[];
}

export interface Mistake extends ShownSeries {
  /** A series of the true class that was predicted right, to compare with; its channels are matched by name. */
  readonly nearest?: ShownSeries;
}

/** Means over the series of one bin. */
export interface ReliabilityBin {
  readonly confidence: Measure;
  readonly accuracy: Measure;
  readonly count: number;
}

/** One choice made inside the training series. */
export interface ClassificationSelection {
  readonly what: string;
  readonly candidates: readonly {
    readonly label: string;
    readonly score: Measure;
    readonly chosen: boolean;
  }[];
  /** What `score` is; default 'accuracy' for a classification, 'error' for a regression. */
  readonly measure?: string;
  /** Default: higher for a classification, lower for a regression. */
  readonly better?: 'higher' | 'lower';
}

export interface ClassificationData {
  readonly name: string;
  readonly channels: readonly string[];
  /** Train, test and whatever else there is. */
  readonly parts: readonly ClassificationPart[];
  readonly licence?: string;
  readonly citation?: string;
  readonly sha256?: string;
}

export interface ClassificationPart {
  readonly part: string;
  readonly series: number;
  /** In points. */
  readonly shortest: number;
  readonly longest: number;
  /** Points of all channels. */
  readonly missing: number;
  readonly classes?: readonly { readonly label: string; readonly count: number }[];
  readonly targetRange?: { readonly minimum: Measure; readonly maximum: Measure };
}
