import type { TrainingRun } from './training-run.ts';

/** The same run without training: each step gives the loss, predictions and scores, and leaves the state as it is. */
export function forwardPass(run: TrainingRun): TrainingRun {
  const { objective } = run;
  return {
    ...run,
    step: (state, batch) => ({
      state: {},
      outputs: { loss: objective.loss(state, batch), ...objective.evaluate(state, batch) },
    }),
  };
}
