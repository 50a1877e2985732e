import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import type { SeriesSet } from '@patchbert/data';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { readSeriesCheckpoint, type SeriesCheckpoint, seriesFingerprint } from '@patchbert/series';
import { createRunFolder, describeEnvironment, packageVersion, writeJson } from '@patchbert/train';
import { type ClassifyConfigInput, classifyConfigSchema, settleConfig } from '../config/classify-config.ts';
import type { MethodResult } from '../evaluate/method-result.ts';
import { scoreFit } from '../evaluate/score-fit.ts';
import { truthOf } from '../evaluate/score-predictions.ts';
import { verdictOf } from '../evaluate/verdict.ts';
import { alignChannels, inOrderOf } from '../predict/align-channels.ts';
import { seriesPredictions } from '../predict/series-prediction.ts';
import { buildGallery } from '../report/gallery.ts';
import type { CrossValidation } from '../select/cross-validate.ts';
import { plainNumbers } from '../store/plain-numbers.ts';
import { saveClassifier, storedTarget } from '../store/save-classifier.ts';
import { storedPredictions } from '../store/stored-predictions.ts';
import { prepareTask } from '../task/prepare-task.ts';
import type { SeriesTask, Target } from '../task/series-task.ts';
import { describeTask, longerSeriesText } from './describe-task.ts';
import type { FitEvent } from './events.ts';
import { fitComparisons } from './fit-comparisons.ts';
import { fitMembers } from './fit-members.ts';
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
  /** What the configuration was chosen by, for the receipt. */
  readonly crossValidation?: CrossValidation | undefined;
  /** How the report lays out what the encoder makes of the series. Default `PCA`. */
  readonly map?: 'PCA' | 'UMAP' | undefined;
  /** Stops the fit; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: FitEvent) => void) | undefined;
}

export interface FitSeriesModelResult {
  readonly folder: string;
  /** Test results, the model's own first; empty without a test set. */
  readonly results: readonly MethodResult[];
  /** What they come to, in a sentence or two. */
  readonly verdict: string;
  readonly receipt: ClassifyReceipt;
  readonly seconds: number;
}

/**
 * Fits a classifier of whole series and scores it once on the test series, beside its parts, the same networks without
 * pretraining (with `control`) and simple methods. Leaves a folder: `classifier.json` and its tensors, and beside them
 * `evaluation.json`, `predictions.json`, `training.json`, `gallery.json`, `receipt.json`, all that a report needs.
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
  const { backend, train, checkpoint, signal } = options;
  const onEvent = (event: FitEvent) => {
    options.onEvent?.(event);
    if (signal?.aborted) throw interrupted();
  };
  requireTraining(backend);
  const asked = parseConfig(classifyConfigSchema, options.config ?? {}, 'classify config');
  // Readouts of one frozen encoder would be the same in every member.
  const isOneReadout = checkpoint !== undefined && (asked.adapt === 'ridge' || asked.adapt === 'logistic');
  const choices = isOneReadout ? { ...asked, members: 1 } : asked;
  const pretrained = checkpoint === undefined ? undefined : await readSeriesCheckpoint(checkpoint);
  const task = prepareTask(inOrderOf(pretrained, train), {
    kind,
    config: choices,
    pretrained: pretrained?.inputs,
  });
  const config = settleConfig(choices, task);
  const test = options.test && suitableTest(options.test, task, pretrained);
  const { folder, removeIfEmpty } = await createRunFolder(options.folder, { checkpoints: false });
  try {
    onEvent({ type: 'prepared', text: describeTask(task, test) });
    const longer = longerSeriesText(task.inputs.model, test, 'test series');
    if (longer !== undefined) onEvent({ type: 'warning', message: longer });
    const parameters = pretrained?.parameters;
    const members = { task, config, pretrained: parameters, backend, signal, onEvent };
    const fitted = await fitMembers(members);
    const compared = await fitComparisons(members, fitted);
    const ensembles = { ours: fitted.members, others: compared.ensembles };
    const scored = test && (await scoreFit({ task, config, ensembles, test, backend, onEvent }));
    const results = scored?.results ?? [];
    const predictions = scored && seriesPredictions(scored.predictions.ensemble, test, task.target);
    const gallery = await buildGallery({
      task,
      config,
      member: fitted.members[0]!,
      pretrained: config.adapt === 'scratch' ? undefined : fitted.encoders[0]!,
      test: scored && { set: test, predictions: predictions!, features: scored.predictions.features },
      map: options.map ?? 'PCA',
      backend,
    });
    if (signal?.aborted) throw interrupted();
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
    const facts = {
      patchbert: packageVersion(),
      config,
      target: storedTarget(task.target),
      inputs: task.inputs,
      // From scratch a checkpoint gives the model and no weight.
      ...(pretrained && config.adapt !== 'scratch' && { checkpoint: pretrained.path }),
      dataFingerprint: seriesFingerprint(train),
    };
    await writeJson(folder.environment, describeEnvironment(backend));
    await writeJson(folder.evaluation, plainNumbers(results));
    await writeJson(folder.gallery, gallery);
    if (predictions)
      await writeJson(
        join(folder.path, 'predictions.json'),
        storedPredictions(predictions, test, task.target),
      );
    await writeJson(join(folder.path, 'training.json'), [...fitted.curves, ...compared.curves]);
    await writeJson(folder.receipt, receipt);
    await saveClassifier(folder.path, facts, fitted.members);
    options.onEvent?.({ type: 'result', results });
    return { folder: folder.path, results, verdict: verdictOf(results), receipt, seconds };
  } catch (error) {
    await removeIfEmpty();
    throw error;
  }
}

/** The test series with their channels in the model's order. What would go wrong with them is told before anything is trained. */
function suitableTest(
  given: SeriesSet,
  { target, inputs }: SeriesTask,
  pretrained: SeriesCheckpoint | undefined,
): SeriesSet {
  truthOf(given, target);
  const test = alignChannels(given, inputs.channels);
  // Pretraining reads neither.
  const { labels: _labels, targets: _targets, ...unlabelled } = test;
  if (pretrained?.dataFingerprint !== seriesFingerprint(unlabelled)) return test;
  throw new PatchBertError(
    'classify/pretrained-on-test',
    `fit: the encoder of "${pretrained.path}" was pretrained on the test series; pretrain on the training series.`,
  );
}

function requireTraining({ name, capabilities }: Backend): void {
  if (capabilities.trains) return;
  throw new PatchBertError(
    'classify/backend-cannot-train',
    `fit: backend ${name} (${capabilities.engine}) cannot train here; choose another.`,
  );
}
