import type { RollbackEvent } from '../fit/train-with-rollbacks.ts';
import type { MethodError } from './evaluation.ts';

/** What happens during `pretrain`, for progress displays. Discriminated by `type`. */
export type PretrainEvent =
  | PreparedEvent
  | MeasuredEvent
  | ResumedEvent
  | StepEvent
  | ValidationEvent
  | CheckpointEvent
  | RollbackEvent
  | EvaluationEvent
  | WarningEvent;

/** Data are split, the model is initialised and compiled; training is about to start. */
export interface PreparedEvent {
  readonly type: 'prepared';
  readonly runFolder: string;
  /** Backend name and engine. */
  readonly backend: string;
  readonly engine: string;
  readonly rows: number;
  readonly channels: readonly string[];
  /** Recordings stacked in the rows; 1 for an ordinary table. */
  readonly recordings: number;
  readonly trainRows: number;
  readonly validationRows: number;
  /** Distinct training windows, counted per channel. */
  readonly trainSeries: number;
  readonly validationSeries: number;
  /** Number of weights. */
  readonly parameters: number;
  /** Floating point operations of one training step. */
  readonly flopsPerStep: number;
  readonly patchCount: number;
  readonly maskedPatches: number;
  /** First step to run (1 unless resumed) and last one. */
  readonly firstStep: number;
  readonly steps: number;
}

/** `minutes` was turned into `steps`. */
export interface MeasuredEvent {
  readonly type: 'measured';
  readonly stepsPerSecond: number;
  readonly steps: number;
}

/** The run continues from a checkpoint. */
export interface ResumedEvent {
  readonly type: 'resumed';
  /** Steps already done. */
  readonly step: number;
  readonly checkpoint: string;
  /** Whether the continuation is on the engine that made the checkpoint; otherwise it is not bit-exact. */
  readonly exact: boolean;
}

/** One optimiser step is done. */
export interface StepEvent {
  readonly type: 'step';
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm?: number;
  /** Single-channel series per second, over the last few seconds. */
  readonly seriesPerSecond: number;
  /** Training seconds of this process. */
  readonly seconds: number;
  /** Estimated seconds until the last step. */
  readonly secondsLeft: number;
}

/** The fixed validation windows with their fixed masks were reconstructed. */
export interface ValidationEvent {
  readonly type: 'validation';
  readonly step: number;
  /** Mean squared error of masked, observed points in instance-normalised units. */
  readonly maskedError: number;
  /** Whether it is the lowest so far. */
  readonly best: boolean;
}

/** A checkpoint is complete on disk. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly path: string;
}

/** The final comparison with the baselines; the model comes first. */
export interface EvaluationEvent {
  readonly type: 'evaluation';
  readonly errors: readonly MethodError[];
}

/** Something a user should know that does not stop the run, such as a damaged checkpoint that was passed over. */
export interface WarningEvent {
  readonly type: 'warning';
  readonly message: string;
}
