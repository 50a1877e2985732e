import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import {
  type AttemptStart,
  type CheckpointFacts,
  checkpointPath,
  divergedError,
  type FitStep,
  notFinite,
  openMetricsLog,
  type RateMeter,
  rateScaleAfter,
  retainCheckpoints,
  saveCheckpoint,
} from '@patchbert/train';
import { needsTwoViews } from '../objectives/series-pretraining.ts';
import { pretrainWeights } from '../pretrain/pretrain-weights.ts';
import { batchSizeFor } from '../training/series-batches.ts';
import { type TrainedWeights, type TrainingState, trainingSchedule } from '../training/train-weights.ts';
import { maskedError } from './evaluate-series.ts';
import type { OpenSeriesRun } from './open-series-run.ts';
import type { PreparedSeriesRun } from './prepare-series-run.ts';
import type { SeriesJudge } from './series-judge.ts';
import type { SeriesRunEvent } from './series-run-events.ts';

export interface SeriesTrainingRun {
  readonly run: OpenSeriesRun;
  readonly backend: Backend;
  readonly judge: SeriesJudge | undefined;
  /** Where this attempt begins, and the rollbacks before it. */
  readonly start: AttemptStart;
  readonly facts: CheckpointFacts;
  readonly meter: RateMeter;
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
  readonly facts: CheckpointFacts;
}

/** Series that one step encodes, counted per view. */
export function seriesPerStep({ config, train }: PreparedSeriesRun): number {
  const { training, losses } = config.pretraining;
  return batchSizeFor(training.batchSize, train.length) * (needsTwoViews(losses) ? 2 : 1);
}

/** Trains up to the last step or the signal; logs, validates, saves and prunes checkpoints on the way. */
export async function trainSeriesRun(options: SeriesTrainingRun): Promise<SeriesTrainingOutcome> {
  const { run, backend, judge, meter, emit } = options;
  const { checkpoint, rollbacks } = options.start;
  const { folder, prepared } = run;
  const { config, scored } = prepared;
  const { training } = config.pretraining;
  const { steps } = training;
  const pathOf = (step: number) => checkpointPath(folder.checkpoints, step);
  const doneSteps = checkpoint?.step ?? 0;
  if (checkpoint && doneSteps >= steps) {
    return {
      parameters: checkpoint.parameters,
      step: doneSteps,
      seconds: 0,
      checkpoint: pathOf(doneSteps),
      facts: options.facts,
    };
  }
  const rateScale = rateScaleAfter(rollbacks);
  const schedule = trainingSchedule(training, rateScale);
  const metrics = await openMetricsLog(folder.metrics, doneSteps);
  let facts = options.facts;
  let savedStep = doneSteps > 0 ? doneSteps : undefined;
  let mark = performance.now();
  const lastCheckpoint = () => (savedStep === undefined ? undefined : pathOf(savedStep));
  const stopIf = (what: string | undefined, step: number) => {
    if (what === undefined) return;
    throw divergedError('pretrainSeries', { step, learningRate: schedule(step - 1), what }, lastCheckpoint());
  };

  const save = async (step: number, state: TrainingState, isPlanned: boolean) => {
    stopIf(notFinite({ ...state.parameters, ...state.optimiser }), step);
    await metrics.flush();
    const saved = isPlanned ? facts : { ...facts, unplanned: true as const };
    const path = await saveCheckpoint(folder.checkpoints, { step, facts: saved, ...state });
    // One that an interruption left takes the place of no other: a rollback needs the planned ones.
    if (isPlanned) await retainCheckpoints(folder.checkpoints, { step, newest: config.keepCheckpoints });
    savedStep = step;
    emit({ type: 'checkpoint', step, path });
  };

  const validate = async (step: number, parameters: HostTensors) => {
    stopIf(notFinite(parameters), step);
    const error = judge && maskedError(scored, await judge.fill(parameters));
    if (error === undefined) return;
    stopIf(Number.isFinite(error) ? undefined : `the validation error is ${error}`, step);
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
      if (saves) await save(step, state, true);
    }
    mark = performance.now();
  };

  try {
    for (const rollback of rollbacks.slice(checkpoint?.facts.rollbacks?.length ?? 0)) {
      await metrics.append({ kind: 'rollback', step: doneSteps + 1, ...rollback });
    }
    const trained = await pretrainWeights({
      series: prepared.train,
      inputs: prepared.inputs,
      config: config.pretraining,
      backend,
      key: prepared.key,
      resume: checkpoint && { step: doneSteps, state: checkpoint },
      rateScale,
      stopAfter: options.stopAfter,
      onStep,
      signal: options.signal,
      lastCheckpoint,
    });
    const { step, loss } = trained;
    const state = stateToKeep(trained);
    if (step === steps) await validate(step, state.parameters);
    if (savedStep !== step) await save(step, state, step === steps);
    return {
      parameters: state.parameters,
      step,
      ...(loss !== undefined && { loss }),
      seconds: meter.seconds,
      checkpoint: pathOf(step),
      facts,
    };
  } finally {
    await metrics.close();
  }
}

/** A finished run leaves the weights it was for; an unfinished one those it goes on with. */
function stateToKeep({ status, parameters, state }: TrainedWeights): TrainingState {
  return status === 'finished' ? { ...state, parameters } : state;
}
