import { parameterCount } from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import type { Checkpoint, CheckpointFacts } from '../checkpoints/checkpoint.ts';
import { engineFacts, historyFacts, isSameEngine } from '../checkpoints/engine-facts.ts';
import { trainWithRollbacks } from '../fit/train-with-rollbacks.ts';
import { describeEnvironment } from '../run-folder/environment.ts';
import { readJson, writeJson } from '../run-folder/run-folder.ts';
import { chooseSteps } from './choose-steps.ts';
import type { PretrainConfig } from './config.ts';
import { evaluatePredictions, predictValidation } from './evaluate.ts';
import type { PretrainEvaluation } from './evaluation.ts';
import type { PretrainEvent } from './events.ts';
import { galleryWindows } from './gallery.ts';
import { type OpenRun, openRun } from './open-run.ts';
import type { PretrainOptions, PretrainResult } from './options.ts';
import { partRows } from './prepare-panel.ts';
import { compilePrograms, type PretrainPrograms } from './programs.ts';
import { rateMeter } from './rate-meter.ts';
import { type PretrainReceipt, pretrainReceipt, runSession, trainingFlops } from './receipt.ts';
import { runTraining, type TrainingOutcome } from './run-training.ts';

/**
 * Pretrains a masked autoencoder on the series of a frame and leaves a run folder: `config.json`, `environment.json`,
 * `metrics.jsonl`, `checkpoints/`, and at the end `evaluation.json`, `gallery.json`, `receipt.json`.
 *
 * The result is a function of configuration, data and engine: the same run twice gives the same bits, and an interrupted
 * run that is resumed ends with the bits of an uninterrupted one. The test rows are never read.
 *
 * @throws PatchBertError `config/invalid`, `train/run-folder-not-empty`, `train/run-folder-not-created`,
 * `train/resume-mismatch`, `train/diverged`, `train/checkpoint-not-saved`, `train/backend-cannot-train`, and those of the
 * data.
 * @example
 * const backend = await tfjsCpu.create();
 * const config = { data: { source: 'load.csv' }, steps: 100 };
 * const result = await pretrain({ config, data: { frame }, backend, runFolder: 'runs/first' });
 */
export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  requireOptions(options);
  const { backend } = options;
  if (!backend.capabilities.trains) {
    throw new PatchBertError(
      'train/backend-cannot-train',
      `pretrain: backend ${backend.name} (${backend.capabilities.engine}) cannot train here; choose another.`,
    );
  }
  const emit = options.onEvent ?? (() => {});
  const run = await openRun(options);
  let programs: PretrainPrograms | undefined;
  try {
    for (const message of run.warnings) emit({ type: 'warning', message });
    programs = await compilePrograms(backend, run.config, run.prepared, run.resumed?.checkpoint);
    const config = await settleSteps(options, run, programs, emit);
    const facts = checkpointFacts(options, run, config, run.resumed?.checkpoint);
    await writeJson(run.folder.config, config);
    await writeJson(run.folder.environment, describeEnvironment(backend));
    announce(options, run, config, facts, emit);
    const doneSteps = run.resumed?.checkpoint.step ?? 0;
    const outcome = await train(options, run, config, programs, emit);
    const finished = outcome.step === config.steps;
    const evaluation = finished ? await evaluate(run, config, programs, outcome.step) : undefined;
    if (evaluation) emit({ type: 'evaluation', errors: evaluation.errors });
    await writeReceipt(options, run, config, outcome, doneSteps);
    return {
      status: finished ? 'finished' : 'interrupted',
      step: outcome.step,
      runFolder: run.folder.path,
      checkpoint: outcome.checkpoint,
      ...(outcome.loss !== undefined && { loss: outcome.loss }),
      ...(evaluation && { evaluation }),
    };
  } finally {
    programs?.dispose();
    await run.release();
  }
}

/** Trains to the end, back and on again after a divergence where the configuration says so. */
async function train(
  options: PretrainOptions,
  run: OpenRun,
  config: PretrainConfig,
  programs: PretrainPrograms,
  emit: (event: PretrainEvent) => void,
): Promise<TrainingOutcome> {
  const { folder, prepared, resumed } = run;
  const meter = rateMeter();
  return trainWithRollbacks({
    policy: config.divergence,
    checkpoints: folder.checkpoints,
    start: { checkpoint: resumed?.checkpoint, rollbacks: resumed?.checkpoint.facts.rollbacks ?? [] },
    emit,
    attempt: async ({ checkpoint, rollbacks }, isAgain) => {
      if (isAgain) await programs.load(checkpoint);
      const facts = checkpointFacts(options, run, config, checkpoint);
      return runTraining({
        config,
        folder,
        prepared,
        programs,
        doneSteps: checkpoint?.step ?? 0,
        facts: { ...facts, ...(rollbacks.length > 0 && { rollbacks: [...rollbacks] }) },
        newRollbacks: rollbacks.slice(checkpoint?.facts.rollbacks?.length ?? 0),
        lastStep: Math.min(config.steps, options.stopAfter ?? config.steps),
        meter,
        signal: options.signal,
        emit,
      });
    },
  });
}

/** JavaScript has no types to catch these. */
function requireOptions({ data, backend, runFolder }: Partial<PretrainOptions>): void {
  const missing =
    data?.frame === undefined
      ? 'data: { frame }, a Frame of @patchbert/data'
      : backend === undefined
        ? 'backend, such as await onnxCpu.create() of @patchbert/backend-onnx'
        : typeof runFolder !== 'string'
          ? 'runFolder, the path of a new folder'
          : undefined;
  if (missing === undefined) return;
  throw new PatchBertError('train/bad-options', `pretrain: an option is missing; expected ${missing}.`);
}

async function settleSteps(
  options: PretrainOptions,
  { config, prepared }: OpenRun,
  programs: PretrainPrograms,
  emit: (event: PretrainEvent) => void,
): Promise<PretrainConfig> {
  if (options.minutes === undefined) return config;
  const chosen = await chooseSteps(options.minutes, config, prepared, programs);
  emit({ type: 'measured', ...chosen });
  const { scheduleSteps: _replaced, ...others } = config;
  return { ...others, steps: chosen.steps };
}

function checkpointFacts(
  { backend }: PretrainOptions,
  { prepared, dataFacts, forced, resumed }: OpenRun,
  config: PretrainConfig,
  from: Checkpoint | undefined,
): CheckpointFacts {
  return {
    config: { ...config },
    model: { ...prepared.model },
    ...engineFacts(backend, from?.facts),
    ...dataFacts,
    ...historyFacts(
      from?.facts,
      [...(resumed?.checkpoint.facts.forced ?? []), ...(forced ? [forced] : [])],
      (from?.step ?? 0) + 1,
    ),
  };
}

function announce(
  { backend, data }: PretrainOptions,
  { folder, prepared, resumed }: OpenRun,
  config: PretrainConfig,
  facts: CheckpointFacts,
  emit: (event: PretrainEvent) => void,
): void {
  const { splits, plan } = prepared;
  emit({
    type: 'prepared',
    runFolder: folder.path,
    backend: backend.name,
    engine: facts.engine,
    rows: data.frame.length,
    channels: data.frame.channels,
    recordings: prepared.panel.segments.length,
    trainRows: partRows(splits, 'train'),
    validationRows: partRows(splits, 'validation'),
    trainSeries: prepared.trainSeries,
    validationSeries: prepared.validation.series,
    parameters: parameterCount(prepared.model),
    flopsPerStep: trainingFlops(prepared),
    patchCount: plan.layout.patchCount,
    maskedPatches: prepared.maskedPatches,
    firstStep: (resumed?.checkpoint.step ?? 0) + 1,
    steps: config.steps,
  });
  if (!resumed) return;
  emit({
    type: 'resumed',
    step: resumed.checkpoint.step,
    checkpoint: resumed.path,
    exact: isSameEngine(resumed.checkpoint.facts, backend),
  });
}

/** Judges the weights of the last step on the validation windows and keeps a few of them for the report. */
async function evaluate(
  { folder, prepared }: OpenRun,
  config: PretrainConfig,
  programs: PretrainPrograms,
  step: number,
): Promise<PretrainEvaluation> {
  await programs.loadEvaluation();
  const predicted = await predictValidation(programs.evaluation, prepared);
  const evaluation = evaluatePredictions(prepared, predicted, step);
  await writeJson(folder.evaluation, evaluation);
  await writeJson(folder.gallery, galleryWindows(prepared, predicted, config.galleryWindows));
  return evaluation;
}

async function writeReceipt(
  { backend, data, command }: PretrainOptions,
  { folder, prepared }: OpenRun,
  config: PretrainConfig,
  { step, seconds, facts }: TrainingOutcome,
  doneSteps: number,
): Promise<void> {
  const before = (await readJson(folder.receipt)) as PretrainReceipt | undefined;
  const earlier = (before?.sessions ?? []).filter(({ lastStep }) => lastStep <= doneSteps);
  const session = step > doneSteps ? [runSession(backend, doneSteps + 1, step, seconds)] : [];
  const receipt = pretrainReceipt({
    config,
    data,
    prepared,
    facts,
    status: step === config.steps ? 'finished' : 'interrupted',
    step,
    sessions: [...earlier, ...session],
    command: command ?? before?.command,
  });
  await writeJson(folder.receipt, receipt);
}
