import type {
  CheckpointEvent,
  EvaluationEvent,
  ResumedEvent,
  RollbackEvent,
  StepEvent,
  ValidationEvent,
  WarningEvent,
} from '@patchbert/train';

/** What happens during `pretrainSeries`, for progress displays. Discriminated by `type`. */
export type SeriesRunEvent =
  | SeriesPreparedEvent
  | ResumedEvent
  | StepEvent
  | ValidationEvent
  | CheckpointEvent
  | RollbackEvent
  | EvaluationEvent
  | WarningEvent;

/** Series are split, scaled and cut; training is about to start. */
export interface SeriesPreparedEvent {
  readonly type: 'prepared';
  readonly runFolder: string;
  /** Backend name and engine. */
  readonly backend: string;
  readonly engine: string;
  readonly series: number;
  readonly channels: readonly string[];
  /** Points of the shortest and of the longest series. */
  readonly shortest: number;
  readonly longest: number;
  readonly trainSeries: number;
  /** 0 when there are too few to spare any: the training series are scored. */
  readonly heldOutSeries: number;
  /** Number of weights. */
  readonly parameters: number;
  readonly patchLength: number;
  readonly patchStride: number;
  /** Patches of a series. */
  readonly patchCount: number;
  /** First step to run (1 unless resumed) and last one. */
  readonly firstStep: number;
  readonly steps: number;
}
