import type { Backend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import {
  type CheckpointFacts,
  checkpointPath,
  type FitStep,
  openMetricsLog,
  rateMeter,
  retainCheckpoints,
  saveCheckpoint,
} from '@patchbert/train';
import { needsTwoViews } from '../objectives/series-pretraining.ts';
import { pretrainWeights } from '../pretrain/pretrain-weights.ts';
import { batchSizeFor } from '../training/series-batches.ts';
import type { TrainedWeights, TrainingState } from '../training/train-weights.ts';
import { maskedError } from './evaluate-series.ts';
import type { OpenSeriesRun } from './open-series-run.ts';
import type { PreparedSeriesRun } from './prepare-series-run.ts';
import type { SeriesJudge } from './series-judge.ts';
import type { SeriesRunEvent } from './series-run-events.ts';

export interface SeriesTrainingRun {
  readonly run: OpenSeriesRun;
  readonly backend: Backend;
  readonly judge: SeriesJudge | undefined;
  readonly facts: CheckpointFacts;
  readonly stopAfter: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly emit: (event: SeriesRunEvent) => void;
}

export interface SeriesTrainingOutcome {
  /** What the run leaves: averaged over the last steps when asked for. */
  readonly parameters: HostTensors;
  /** Steps done. */
  readonly step: number;
  readonly loss?: number;
  /** Training seconds of this process, without validation and saving. */
  readonly seconds: number;
  readonly checkpoint: string;
}

/** Series that one step encodes, counted per view. */
export function seriesPerStep({ config, train }: PreparedSeriesRun): number {
  const { training, losses } = config.pretraining;
  return batchSizeFor(training.batchSize, train.length) * (needsTwoViews(losses) ? 2 : 1);
}

/** Trains up to the last step or the signal; logs, validates, saves and prunes checkpoints on the way. */
export async function trainSeriesRun(options: SeriesTrainingRun): Promise<SeriesTrainingOutcome> {
  const { run, backend, judge, emit } = options;
  const { folder, prepared, resumed } = run;
  const { config, scored } = prepared;
  const { steps } = config.pretraining.training;
  const doneSteps = resumed?.checkpoint.step ?? 0;
  if (resumed && doneSteps >= steps) {
    const { parameters } = resumed.checkpoint;
    return { parameters, step: doneSteps, seconds: 0, checkpoint: resumed.path };
  }
  const metrics = await openMetricsLog(folder.metrics, doneSteps);
  const meter = rateMeter();
  let facts = options.facts;
  let savedStep = doneSteps > 0 ? doneSteps : undefined;
  let mark = performance.now();
  const pathOf = (step: number) => checkpointPath(folder.checkpoints, step);

  const save = async (step: number, state: TrainingState) => {
    await metrics.flush();
    const path = await saveCheckpoint(folder.checkpoints, { step, facts, ...state });
    await retainCheckpoints(folder.checkpoints, { step, newest: config.keepCheckpoints });
    savedStep = step;
    emit({ type: 'checkpoint', step, path });
  };

  const validate = async (step: number, parameters: HostTensors) => {
    const error = judge && maskedError(scored, await judge.fill(parameters));
    if (error === undefined) return;
    requireFiniteError(error, step, savedStep === undefined ? undefined : pathOf(savedStep));
    const best = facts.best === undefined || error < facts.best.maskedError;
    if (best) facts = { ...facts, best: { step, maskedError: error } };
    await metrics.append({ kind: 'validation', step, maskedError: error });
    emit({ type: 'validation', step, maskedError: error, best });
  };

  const onStep = async (report: FitStep, read: () => Promise<TrainingState>) => {
    const stepsPerSecond = meter.add((performance.now() - mark) / 1000);
    const { step } = report;
    await metrics.append({ kind: 'training', ...report, seconds: meter.seconds });
    emit({
      type: 'step',
      ...report,
      steps,
      seriesPerSecond: stepsPerSecond * seriesPerStep(prepared),
      seconds: meter.seconds,
      secondsLeft: (steps - step) / stepsPerSecond,
    });
    // The last step is validated and saved below, with the weights the run leaves.
    const [validates, saves] = [config.validateEvery, config.checkpointEvery].map(
      (every) => step < steps && step % every === 0,
    );
    if (validates || saves) {
      const state = await read();
      if (validates) await validate(step, state.parameters);
      if (saves) await save(step, state);
    }
    mark = performance.now();
  };

  try {
    const trained = await pretrainWeights({
      series: prepared.train,
      inputs: prepared.inputs,
      config: config.pretraining,
      backend,
      key: prepared.key,
      resume: resumed && { step: doneSteps, state: resumed.checkpoint },
      stopAfter: options.stopAfter,
      onStep,
      signal: options.signal,
      lastCheckpoint: () => (savedStep === undefined ? undefined : pathOf(savedStep)),
    });
    const { step, loss } = trained;
    const state = stateToKeep(trained);
    if (step === steps) await validate(step, state.parameters);
    if (savedStep !== step) await save(step, state);
    return {
      parameters: state.parameters,
      step,
      ...(loss !== undefined && { loss }),
      seconds: meter.seconds,
      checkpoint: pathOf(step),
    };
  } finally {
    await metrics.close();
  }
}

/** A finished run leaves the weights it was for; an unfinished one those it goes on with. */
function stateToKeep({ status, parameters, state }: TrainedWeights): TrainingState {
  return status === 'finished' ? { ...state, parameters } : state;
}

function requireFiniteError(error: number, step: number, checkpoint: string | undefined): void {
  if (Number.isFinite(error)) return;
  const last =
    checkpoint === undefined ? 'there is no checkpoint yet' : `the last good checkpoint is "${checkpoint}"`;
  throw new PatchBertError(
    'train/diverged',
    `pretrainSeries: training diverged: the validation error is ${error} at step ${step}; ${last}. Lower the learning rate, warm ` +
      'up longer or clip gradients.',
  );
}
