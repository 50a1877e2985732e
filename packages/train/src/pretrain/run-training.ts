import type { HostTensors } from '@patchbert/ops';
import { type CheckpointFacts, checkpointPath } from '../checkpoints/checkpoint.ts';
import { retainCheckpoints } from '../checkpoints/retain-checkpoints.ts';
import { type Rollback, rateScaleAfter } from '../checkpoints/run-history.ts';
import { saveCheckpoint } from '../checkpoints/save-checkpoint.ts';
import { divergedError, notFinite } from '../fit/divergence.ts';
import { type FitStep, fit } from '../fit/fit.ts';
import { openMetricsLog } from '../run-folder/metrics-log.ts';
import type { RunFolder } from '../run-folder/run-folder.ts';
import type { PretrainConfig } from './config.ts';
import { validationError } from './evaluate.ts';
import type { PretrainEvent } from './events.ts';
import type { PreparedPretraining } from './prepare.ts';
import type { PretrainPrograms } from './programs.ts';
import type { RateMeter } from './rate-meter.ts';
import { scheduleOf } from './schedule-of.ts';

export interface TrainingRun {
  readonly config: PretrainConfig;
  readonly folder: RunFolder;
  readonly prepared: PreparedPretraining;
  readonly programs: PretrainPrograms;
  /** Steps already done, and the facts of their checkpoint. */
  readonly doneSteps: number;
  readonly facts: CheckpointFacts;
  /** Those since that checkpoint: the log does not know them yet. */
  readonly newRollbacks: readonly Rollback[];
  readonly lastStep: number;
  readonly meter: RateMeter;
  readonly signal: AbortSignal | undefined;
  readonly emit: (event: PretrainEvent) => void;
}

export interface TrainingOutcome {
  /** Steps done. */
  readonly step: number;
  readonly loss?: number;
  /** Training seconds of this process, without validation and saving. */
  readonly seconds: number;
  readonly facts: CheckpointFacts;
  readonly checkpoint: string;
}

/** Trains up to `lastStep` or the signal; logs, validates, saves and prunes checkpoints on the way. */
export async function runTraining(run: TrainingRun): Promise<TrainingOutcome> {
  const { config, folder, prepared, programs, doneSteps, lastStep, meter, emit } = run;
  const schedule = scheduleOf(config, rateScaleAfter(run.facts.rollbacks));
  const metrics = await openMetricsLog(folder.metrics, doneSteps);
  let facts = run.facts;
  let savedStep = doneSteps > 0 ? doneSteps : undefined;
  let mark = performance.now();

  const lastCheckpoint = () =>
    savedStep === undefined ? undefined : checkpointPath(folder.checkpoints, savedStep);
  const stopIf = (what: string | undefined, step: number) => {
    if (what === undefined) return;
    throw divergedError('pretrain', { step, learningRate: schedule(step - 1), what }, lastCheckpoint());
  };
  const requireFinite = (tensors: HostTensors, step: number) => stopIf(notFinite(tensors), step);

  const save = async (step: number, isPlanned: boolean) => {
    const state = await programs.readState();
    requireFinite({ ...state.parameters, ...state.optimiser }, step);
    await metrics.flush();
    const saved = isPlanned ? facts : { ...facts, unplanned: true as const };
    const path = await saveCheckpoint(folder.checkpoints, { step, facts: saved, ...state });
    // One that an interruption left takes the place of no other: a rollback needs the planned ones.
    if (isPlanned) {
      await retainCheckpoints(folder.checkpoints, {
        step,
        newest: config.keepCheckpoints,
        best: facts.best?.step,
      });
    }
    savedStep = step;
    emit({ type: 'checkpoint', step, path });
  };

  const validate = async (step: number): Promise<boolean> => {
    requireFinite(await programs.loadEvaluation(), step);
    const maskedError = await validationError(programs.evaluation, prepared);
    stopIf(Number.isFinite(maskedError) ? undefined : `the validation error is ${maskedError}`, step);
    const best = facts.best === undefined || maskedError < facts.best.maskedError;
    if (best) facts = { ...facts, best: { step, maskedError } };
    await metrics.append({ kind: 'validation', step, maskedError });
    emit({ type: 'validation', step, maskedError, best });
    return best;
  };

  const onStep = async (report: FitStep) => {
    const stepsPerSecond = meter.add((performance.now() - mark) / 1000);
    const { step } = report;
    await metrics.append({ kind: 'training', ...report, seconds: meter.seconds });
    emit({
      type: 'step',
      ...report,
      steps: config.steps,
      seriesPerSecond: stepsPerSecond * prepared.sampler.seriesPerBatch,
      seconds: meter.seconds,
      secondsLeft: (config.steps - step) / stepsPerSecond,
    });
    const improved =
      step % config.validateEvery === 0 || step === config.steps ? await validate(step) : false;
    if (improved || step % config.checkpointEvery === 0) await save(step, true);
    mark = performance.now();
  };

  try {
    for (const rollback of run.newRollbacks)
      await metrics.append({ kind: 'rollback', step: doneSteps + 1, ...rollback });
    const result = await fit({
      program: programs.training,
      optimiser: programs.optimiser,
      schedule,
      firstStep: doneSteps + 1,
      lastStep,
      makeBatch: programs.trainingBatch,
      onStep,
      signal: run.signal,
      lastCheckpoint,
    });
    if (savedStep !== result.step) await save(result.step, result.step === config.steps);
    return {
      step: result.step,
      ...(result.loss !== undefined && { loss: result.loss }),
      seconds: meter.seconds,
      facts,
      checkpoint: checkpointPath(folder.checkpoints, result.step),
    };
  } finally {
    await metrics.close();
  }
}
