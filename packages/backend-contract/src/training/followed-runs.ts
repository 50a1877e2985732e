import { forecastingRun } from './forecasting-run.ts';
import { forwardPass } from './forward-pass.ts';
import { pretrainingRun } from './pretraining-run.ts';
import { createReferencePath, type ReferencePath } from './reference-path.ts';
import type { TrainingRun } from './training-run.ts';

/** A run and where it must lead. Built when it is first asked for, and once: every backend is held to the same numbers. */
export interface FollowedRun {
  readonly title: string;
  readonly training: () => { readonly run: TrainingRun; readonly path: ReferencePath };
  /** The forward pass of the same objective on the same batches. */
  readonly forward: () => { readonly run: TrainingRun; readonly path: ReferencePath };
}

/** Runs that are followed for twenty steps. */
export const longRuns: readonly FollowedRun[] = [
  followed('pretraining on visible patches, with gaps and dropout', () =>
    pretrainingRun({ corruption: 'visible-only', gaps: true, dropout: 0.2 }),
  ),
  followed('forecasting of quantiles, with gaps and dropout', () =>
    forecastingRun({ loss: 'quantile', dropout: 0.2 }),
  ),
];

/** Runs of which one step says enough. */
export const shortRuns: readonly FollowedRun[] = [
  followed('pretraining on visible patches', () =>
    pretrainingRun({ corruption: 'visible-only', gaps: false, dropout: 0 }),
  ),
  followed('pretraining with zeros for hidden patches, with gaps', () =>
    pretrainingRun({ corruption: 'zero', gaps: true, dropout: 0 }),
  ),
  followed('pretraining with a learned token for hidden patches, with gaps and dropout', () =>
    pretrainingRun({ corruption: 'token', gaps: true, dropout: 0.2 }),
  ),
  followed('forecasting by squared errors, with gaps', () => forecastingRun({ loss: 'mse', dropout: 0 })),
  followed('forecasting by Huber errors, with gaps', () => forecastingRun({ loss: 'huber', dropout: 0 })),
];

function followed(title: string, make: () => TrainingRun): FollowedRun {
  const training = once(() => withPath(make()));
  return { title, training, forward: once(() => withPath(forwardPass(training().run))) };
}

function withPath(run: TrainingRun) {
  return { run, path: createReferencePath(run) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
