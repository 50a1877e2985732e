import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { describeSeriesSet, type SeriesSet } from '@patchbert/data';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { readSeriesCheckpoint, seriesFingerprint, tokenCount } from '@patchbert/series';
import { createRunFolder, describeEnvironment, packageVersion, writeJson } from '@patchbert/train';
import {
  type ClassifyConfig,
  type ClassifyConfigInput,
  classifyConfigSchema,
} from '../config/classify-config.ts';
import { baselineResults } from '../evaluate/baseline-results.ts';
import { ensembleResult, evaluatePredictor } from '../evaluate/ensemble-results.ts';
import type { MethodResult } from '../evaluate/method-result.ts';
import { type Truth, truthOf } from '../evaluate/score-predictions.ts';
import { openPredictor, type Predictor } from '../predict/predictor.ts';
import { seriesPredictions } from '../predict/series-prediction.ts';
import { plainNumbers } from '../store/plain-numbers.ts';
import { saveClassifier, storedTarget } from '../store/save-classifier.ts';
import { prepareTask } from '../task/prepare-task.ts';
import type { SeriesTask, Target } from '../task/series-task.ts';
import type { FitEvent } from './events.ts';
import { type FittedMembers, fitMembers } from './fit-members.ts';
import { interrupted } from './interrupted.ts';
import { type ClassifyReceipt, classifyReceipt } from './receipt.ts';

export interface FitSeriesModelOptions {
  readonly config?: ClassifyConfigInput;
  readonly train: SeriesSet;
  /** Scored once, at the end; nothing is chosen by it. */
  readonly test?: SeriesSet | undefined;
  /** Folder of a pretraining run on whole series, or of one of its checkpoints; by default every member pretrains its own encoder. */
  readonly checkpoint?: string | undefined;
  /** Opened and disposed of by the caller. */
  readonly backend: Backend;
  /** Folder of the model; new or empty. */
  readonly folder: string;
  /** Facts for the receipt. */
  readonly files?: readonly { readonly path: string; readonly sha256: string }[] | undefined;
  readonly licence?: string | undefined;
  readonly citation?: string | undefined;
  readonly command?: string | undefined;
  /** Stops the fit; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: FitEvent) => void) | undefined;
}

export interface FitSeriesModelResult {
  readonly folder: string;
  /** Test results, the model's own first; empty without a test set. */
  readonly results: readonly MethodResult[];
  readonly receipt: ClassifyReceipt;
  readonly seconds: number;
}

/**
 * Fits a classifier of whole series and scores it once on the test series, beside its parts, the same networks without
 * pretraining (with `control`) and simple methods. Leaves a folder: `classifier.json` and its tensors, and beside them
 * `evaluation.json`, `predictions.json`, `training.json`, `receipt.json`.
 *
 * The same data, configuration and engine give the same bits; the order of the classes does not depend on that of the series.
 *
 * @throws PatchBertError `config/invalid`, `data/...`, `classify/...`, `series/...`, `train/run-folder-not-empty`,
 * `train/diverged`.
 * @example
 * const { results } = await fitClassifier({ train, test, backend, folder: 'classifier' });
 */
export async function fitClassifier(options: FitSeriesModelOptions): Promise<FitSeriesModelResult> {
  return fitSeriesModel('class', options);
}

/**
 * The same for a number per series: the set's `targets` are predicted in their own unit.
 *
 * @throws PatchBertError as `fitClassifier`; `classify/no-targets`.
 * @example
 * const { results } = await fitRegressor({ train, test, backend, folder: 'regressor' });
 */
export async function fitRegressor(options: FitSeriesModelOptions): Promise<FitSeriesModelResult> {
  return fitSeriesModel('value', options);
}

async function fitSeriesModel(
  kind: Target['kind'],
  options: FitSeriesModelOptions,
): Promise<FitSeriesModelResult> {
  const began = performance.now();
  const { backend, train, test, checkpoint, signal } = options;
  const onEvent = (event: FitEvent) => {
    options.onEvent?.(event);
    if (signal?.aborted) throw interrupted();
  };
  requireTraining(backend);
  const config = parseConfig(classifyConfigSchema, options.config ?? {}, 'classify config');
  const pretrained = checkpoint === undefined ? undefined : await readSeriesCheckpoint(checkpoint);
  const task = prepareTask(train, kind, config, pretrained?.inputs);
  const truth = test && truthOf(test, task.target);
  const { folder, removeIfEmpty } = await createRunFolder(options.folder, { checkpoints: false });
  try {
    onEvent({ type: 'prepared', text: describeTask(task, test) });
    warnOfLongerSeries(task, test, onEvent);
    const fitted = await fitMembers({
      task,
      config,
      pretrained: pretrained?.parameters,
      backend,
      signal,
      onEvent,
    });
    const facts = {
      patchbert: packageVersion(),
      config,
      target: storedTarget(task.target),
      inputs: task.inputs,
      ...(pretrained && { checkpoint: pretrained.path }),
      dataFingerprint: seriesFingerprint(train),
    };
    const scored =
      test && truth ? await scoreAll({ task, config, fitted, test, truth, backend, onEvent }) : undefined;
    const results = scored?.results ?? [];
    const seconds = (performance.now() - began) / 1000;
    const receipt = classifyReceipt({
      options,
      task,
      config,
      fitted,
      results,
      checkpoint: pretrained?.path,
      seconds,
    });
    await writeJson(folder.environment, describeEnvironment(backend));
    await writeJson(folder.evaluation, plainNumbers(results));
    if (scored) await writeJson(join(folder.path, 'predictions.json'), scored.predictions);
    await writeJson(join(folder.path, 'training.json'), fitted.curves);
    await writeJson(folder.receipt, receipt);
    await saveClassifier(folder.path, facts, fitted.ours);
    onEvent({ type: 'result', results });
    return { folder: folder.path, results, receipt, seconds };
  } catch (error) {
    await removeIfEmpty();
    throw error;
  }
}

/** Every method on the test series, once. */
async function scoreAll({
  task,
  config,
  fitted,
  test,
  truth,
  backend,
  onEvent,
}: {
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  readonly fitted: FittedMembers;
  readonly test: SeriesSet;
  readonly truth: Truth;
  readonly backend: Backend;
  readonly onEvent: (event: FitEvent) => void;
}) {
  const { target, inputs } = task;
  onEvent({ type: 'stage', text: `every one of ${test.series.length} test series` });
  const withPredictor = async <T>(
    members: FittedMembers['ours'],
    use: (predictor: Predictor) => Promise<T>,
  ): Promise<T> => {
    const predictor = await openPredictor(backend, { target, inputs, members, config });
    try {
      return await use(predictor);
    } finally {
      predictor.dispose();
    }
  };
  const ours = await withPredictor(fitted.ours, (predictor) =>
    evaluatePredictor(predictor, test, truth, (done, total) =>
      onEvent({ type: 'progress', what: 'test', done, total }),
    ),
  );
  const others: MethodResult[] = [];
  for (const { method, kind, members } of fitted.others) {
    const predictions = await withPredictor(members, (predictor) => predictor.predict(test));
    others.push(ensembleResult(method, kind, predictions, truth));
  }
  const baselines = config.baselines ? scoreBaselines(task, test, truth, onEvent) : [];
  return {
    results: [...ours.results, ...others, ...baselines],
    predictions: seriesPredictions(ours.predictions.ensemble, test, target),
  };
}

function scoreBaselines(
  task: SeriesTask,
  test: SeriesSet,
  truth: Truth,
  onEvent: (event: FitEvent) => void,
): MethodResult[] {
  onEvent({ type: 'stage', text: 'simple methods' });
  return baselineResults(task, test, truth).filter((result): result is MethodResult => {
    if (!('skipped' in result)) return true;
    onEvent({ type: 'warning', message: `${result.method} was not run: ${result.skipped}.` });
    return false;
  });
}

function requireTraining({ name, capabilities }: Backend): void {
  if (capabilities.trains) return;
  throw new PatchBertError(
    'classify/backend-cannot-train',
    `fit: backend ${name} (${capabilities.engine}) cannot train here; choose another.`,
  );
}

function describeTask({ target, inputs, labelled, train }: SeriesTask, test: SeriesSet | undefined): string {
  const { series, shortest, longest } = describeSeriesSet(train);
  const points = shortest === longest ? `${longest}` : `${shortest} to ${longest}`;
  const labels = labelled.indices.length === series ? '' : `, ${labelled.indices.length} of them labelled`;
  const what = target.kind === 'class' ? `${target.classes.length} classes` : 'one value each';
  const tested = test ? `, ${test.series.length} test series` : '';
  const { model } = inputs;
  return (
    `${series} training series of ${points} points${labels}${tested}; ${inputs.channels.length} channels, ${what}; ` +
    `${tokenCount(model)} patches of ${model.patchLength} points`
  );
}

function warnOfLongerSeries(
  { inputs: { model } }: SeriesTask,
  test: SeriesSet | undefined,
  onEvent: (event: FitEvent) => void,
): void {
  const most = model.length * model.pooling;
  const longer = test?.series.filter(({ values }) => values[0]!.length > most).length ?? 0;
  if (longer === 0) return;
  onEvent({
    type: 'warning',
    message: `${longer} test series are longer than the ${most} points of the model; what lies beyond is cut off.`,
  });
}
