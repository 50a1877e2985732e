/** Error of one method over the masked, observed points of the validation windows. */
export interface MethodError {
  /** `model`, `linear interpolation`, `last value` or `window mean`. */
  readonly method: string;
  /** Mean squared error in instance-normalised units (visible standard deviations of the window). */
  readonly maskedError: number;
  /** Mean absolute error in the same units. */
  readonly meanAbsoluteError: number;
  /** Mean squared error in units of the channel's standard deviation over the training rows of its recording. */
  readonly scaledError: number;
}

/** Errors of one channel. */
export interface ChannelErrors {
  readonly channel: string;
  /** Masked, observed points counted. */
  readonly points: number;
  /** Masked error (instance-normalised) by method name. */
  readonly maskedError: Readonly<Record<string, number>>;
}

/** `evaluation.json`: the model of the last step against baselines, on the same points. */
export interface PretrainEvaluation {
  readonly step: number;
  /** The rows that were scored. */
  readonly split: 'validation';
  readonly series: number;
  readonly points: number;
  /** Model first, then the baselines. */
  readonly errors: readonly MethodError[];
  readonly errorsByChannel: readonly ChannelErrors[];
}
