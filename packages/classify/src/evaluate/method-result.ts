import type { BootstrapInterval, ClassificationScores, RegressionScores } from '@patchbert/evaluation';

/** How one method did on one set of series. */
export interface MethodResult {
  readonly method: string;
  /**
   * `ours`: what predicts; `member` and `readout`: its parts; `probe`: a frozen encoder with a ridge; `control`: the same without
   * pretraining; `baseline`: a simple method.
   */
  readonly kind: 'ours' | 'member' | 'readout' | 'probe' | 'control' | 'baseline';
  /** For classes. */
  readonly classes?: ClassificationScores;
  /** For values. */
  readonly values?: RegressionScores;
  /** 95 % bootstrap interval of the accuracy, or of the root mean squared error. */
  readonly interval?: BootstrapInterval;
  /** Accuracy (or root mean squared error) of each network by itself, for a method that averages several. */
  readonly singles?: readonly number[];
}
