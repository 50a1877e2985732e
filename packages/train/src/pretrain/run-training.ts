import type { Backend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { type CheckpointFacts, checkpointPath } from '../checkpoints/checkpoint.ts';
import { retainCheckpoints } from '../checkpoints/retain-checkpoints.ts';
import { saveCheckpoint } from '../checkpoints/save-checkpoint.ts';
import { type FitStep, fit } from '../fit/fit.ts';
import { openMetricsLog } from '../run-folder/metrics-log.ts';
import type { RunFolder } from '../run-folder/run-folder.ts';
import type { PretrainConfig } from './config.ts';
import { validationError } from './evaluate.ts';
import type { PretrainEvent } from './events.ts';
import type { PreparedPretraining } from './prepare.ts';
import type { PretrainPrograms } from './programs.ts';
import { rateMeter } from './rate-meter.ts';
import { scheduleOf } from './schedule-of.ts';

export interface TrainingRun {
  readonly backend: Backend;
  readonly config: PretrainConfig;
  readonly folder: RunFolder;
  readonly prepared: PreparedPretraining;
  readonly programs: PretrainPrograms;
  /** Steps already done, and the facts of their checkpoint. */
  readonly doneSteps: number;
  readonly facts: CheckpointFacts;
  readonly lastStep: number;
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
  const { config, folder, prepared, programs, doneSteps, lastStep, emit } = run;
  const metrics = await openMetricsLog(folder.metrics, doneSteps);
  const meter = rateMeter();
  let facts = run.facts;
  let savedStep = doneSteps > 0 ? doneSteps : undefined;
  let mark = performance.now();

  const save = async (step: number) => {
    await metrics.flush();
    const path = await saveCheckpoint(folder.checkpoints, { step, facts, ...(await programs.readState()) });
    await retainCheckpoints(folder.checkpoints, {
      step,
      newest: config.keepCheckpoints,
      best: facts.best?.step,
    });
    savedStep = step;
    emit({ type: 'checkpoint', step, path });
  };

  const validate = async (step: number): Promise<boolean> => {
    await programs.loadEvaluation();
    const maskedError = await validationError(programs.evaluation, prepared);
    requireFiniteError(maskedError, step, savedStep, folder);
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
    if (improved || step % config.checkpointEvery === 0) await save(step);
    mark = performance.now();
  };

  try {
    const result = await fit({
      program: programs.training,
      optimiser: programs.optimiser,
      schedule: scheduleOf(config),
      firstStep: doneSteps + 1,
      lastStep,
      makeBatch: prepared.trainingBatch,
      onStep,
      signal: run.signal,
      lastCheckpoint: () =>
        savedStep === undefined ? undefined : checkpointPath(folder.checkpoints, savedStep),
    });
    if (savedStep !== result.step) await save(result.step);
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

function requireFiniteError(
  maskedError: number,
  step: number,
  savedStep: number | undefined,
  folder: RunFolder,
): void {
  if (Number.isFinite(maskedError)) return;
  const checkpoint =
    savedStep === undefined
      ? 'there is no checkpoint yet'
      : `the last good checkpoint is "${checkpointPath(folder.checkpoints, savedStep)}"`;
  throw new PatchBertError(
    'train/diverged',
    `pretrain: training diverged: the validation error is ${maskedError} at step ${step}; ${checkpoint}. Lower the ` +
      'learning rate, warm up longer or clip gradients.',
  );
}
