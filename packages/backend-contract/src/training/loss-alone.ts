import type { TrainingRun } from './training-run.ts';

/** The same run without training: each step gives the loss and leaves the state as it is. */
export function lossAlone(run: TrainingRun): TrainingRun {
  return {
    ...run,
    name: `${run.name}, loss alone`,
    step: (state, batch) => ({ state: {}, outputs: { loss: run.objective.loss(state, batch) } }),
  };
}
