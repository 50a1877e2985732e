import type { Backend } from '@patchbert/backend';
import { longestSeries, shortestSeries } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { deriveKey } from '@patchbert/random';
import {
  type AttemptStart,
  type CheckpointFacts,
  describeEnvironment,
  engineFacts,
  historyFacts,
  isSameEngine,
  rateMeter,
  trainWithRollbacks,
  writeJson,
} from '@patchbert/train';
import { tokenCount } from '../config/series-model.ts';
import { initialisePretraining } from '../pretrain/pretrain-weights.ts';
import { evaluateSeries, type SeriesEvaluation } from './evaluate-series.ts';
import { type OpenSeriesRun, openSeriesRun } from './open-series-run.ts';
import { checkpointModel } from './series-checkpoint.ts';
import { seriesGallery } from './series-gallery.ts';
import { openSeriesJudge, type SeriesJudge } from './series-judge.ts';
import type { SeriesRunEvent } from './series-run-events.ts';
import type { PretrainSeriesOptions, PretrainSeriesResult } from './series-run-options.ts';
import { weightCount, writeSeriesReceipt } from './series-run-receipt.ts';
import { type SeriesTrainingOutcome, trainSeriesRun } from './train-series-run.ts';

/**
 * Pretrains an encoder on whole series without labels and leaves a run folder: `config.json`, `environment.json`, `metrics.jsonl`,
 * `checkpoints/`, and at the end `evaluation.json`, `gallery.json`, `receipt.json`. `readSeriesCheckpoint` opens it.
 *
 * The result is a function of configuration, series and engine: the same run twice gives the same bits, and an interrupted run
 * that is resumed ends with the bits of an uninterrupted one.
 *
 * @throws PatchBertError `config/invalid`, `train/run-folder-not-empty`, `train/run-folder-not-created`,
 * `train/resume-mismatch`, `train/diverged`, `train/checkpoint-not-saved`, `train/backend-cannot-train`,
 * `series/nothing-to-fit`, `series/other-run`.
 * @example
 * const backend = await tfjsCpu.create();
 * const result = await pretrainSeries({ config: { data: { source: 'JapaneseVowels' } }, series: train, backend, folder: 'runs/vowels' });
 */
export async function pretrainSeries(options: PretrainSeriesOptions): Promise<PretrainSeriesResult> {
  const { backend } = options;
  requireTraining(backend);
  const emit = options.onEvent ?? (() => {});
  const run = await openSeriesRun(options);
  let judge: SeriesJudge | undefined;
  try {
    const { folder, prepared } = run;
    const { config, inputs, key } = prepared;
    const { steps } = config.pretraining.training;
    for (const message of run.warnings) emit({ type: 'warning', message });
    const start = initialisePretraining(inputs, config.pretraining.losses, deriveKey(key, 'weights'));
    judge = await openSeriesJudge(backend, prepared, start);
    await writeJson(folder.config, config);
    await writeJson(folder.environment, describeEnvironment(backend));
    announce(options, run, weightCount(start), emit);
    const outcome = await train(options, run, judge, emit);
    const finished = outcome.step === steps;
    const evaluation = finished ? await evaluate(run, judge, outcome) : undefined;
    if (evaluation) emit({ type: 'evaluation', errors: evaluation.errors });
    await writeSeriesReceipt(options, run, outcome, outcome.facts);
    return {
      folder: folder.path,
      status: finished ? 'finished' : 'interrupted',
      step: outcome.step,
      checkpoint: outcome.checkpoint,
      ...(outcome.loss !== undefined && { loss: outcome.loss }),
      ...(evaluation && { evaluation }),
    };
  } finally {
    judge?.dispose();
    await run.release();
  }
}

/** Trains to the end, back and on again after a divergence where the configuration says so. */
async function train(
  { backend, stopAfter, signal }: PretrainSeriesOptions,
  run: OpenSeriesRun,
  judge: SeriesJudge | undefined,
  emit: (event: SeriesRunEvent) => void,
): Promise<SeriesTrainingOutcome> {
  const checkpoint = run.resumed?.checkpoint;
  const meter = rateMeter();
  return trainWithRollbacks({
    policy: run.prepared.config.divergence,
    checkpoints: run.folder.checkpoints,
    start: { checkpoint, rollbacks: checkpoint?.facts.rollbacks ?? [] },
    emit,
    attempt: async (start) => {
      const facts = checkpointFacts(backend, run, start);
      return trainSeriesRun({ run, backend, judge, start, facts, meter, stopAfter, signal, emit });
    },
  });
}

function requireTraining({ name, capabilities }: Backend): void {
  if (capabilities.trains) return;
  throw new PatchBertError(
    'train/backend-cannot-train',
    `pretrainSeries: backend ${name} (${capabilities.engine}) cannot train here; choose another.`,
  );
}

function checkpointFacts(
  backend: Backend,
  { prepared, dataFacts, forced, resumed }: OpenSeriesRun,
  { checkpoint, rollbacks }: AttemptStart,
): CheckpointFacts {
  return {
    config: { ...prepared.config },
    model: checkpointModel(prepared.inputs),
    ...engineFacts(backend, checkpoint?.facts),
    ...dataFacts,
    ...historyFacts(
      checkpoint?.facts,
      [...(resumed?.checkpoint.facts.forced ?? []), ...(forced ? [forced] : [])],
      (checkpoint?.step ?? 0) + 1,
    ),
    ...(rollbacks.length > 0 && { rollbacks: [...rollbacks] }),
  };
}

function announce(
  { backend, series }: PretrainSeriesOptions,
  { folder, prepared, resumed }: OpenSeriesRun,
  parameters: number,
  emit: (event: SeriesRunEvent) => void,
): void {
  const { config, inputs, split } = prepared;
  const { patchLength, patchStride } = inputs.model;
  emit({
    type: 'prepared',
    runFolder: folder.path,
    backend: backend.name,
    engine: backend.capabilities.engine,
    series: series.series.length,
    channels: inputs.channels,
    shortest: shortestSeries(series),
    longest: longestSeries(series),
    trainSeries: split.train.length,
    heldOutSeries: split.heldOut.length,
    parameters,
    patchLength,
    patchStride,
    patchCount: tokenCount(inputs.model),
    firstStep: (resumed?.checkpoint.step ?? 0) + 1,
    steps: config.pretraining.training.steps,
  });
  if (!resumed) return;
  emit({
    type: 'resumed',
    step: resumed.checkpoint.step,
    checkpoint: resumed.path,
    exact: isSameEngine(resumed.checkpoint.facts, backend),
  });
}

/** Judges the weights that the run leaves and keeps a few of the scored series for the report. */
async function evaluate(
  { folder, prepared }: OpenSeriesRun,
  judge: SeriesJudge | undefined,
  { parameters, step }: SeriesTrainingOutcome,
): Promise<SeriesEvaluation | undefined> {
  const { config, inputs, scored, split } = prepared;
  const filled = await judge?.fill(parameters);
  const on = split.heldOut.length > 0 ? 'held-out' : 'training';
  const evaluation = filled && evaluateSeries(scored, filled, inputs, { step, split: on });
  if (evaluation) await writeJson(folder.evaluation, evaluation);
  await writeJson(folder.gallery, filled ? seriesGallery(scored, filled, inputs, config.gallerySeries) : []);
  return evaluation;
}
