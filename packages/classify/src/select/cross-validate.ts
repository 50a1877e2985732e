import type { Backend } from '@patchbert/backend';
import { classesOf, classIndices, type SeriesSet, selectSeries } from '@patchbert/data';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { plainFolds, stratifiedFolds, trainingPart } from '@patchbert/evaluation';
import { deriveKey, randomKey } from '@patchbert/random';
import { readSeriesCheckpoint, type SeriesCheckpoint } from '@patchbert/series';
import {
  type ClassifyChoices,
  type ClassifyConfigInput,
  classifyConfigSchema,
  settleConfig,
} from '../config/classify-config.ts';
import { scorePredictions, truthOf } from '../evaluate/score-predictions.ts';
import type { FitEvent } from '../fit/events.ts';
import { fitMembers } from '../fit/fit-members.ts';
import { interrupted } from '../fit/interrupted.ts';
import { inOrderOf } from '../predict/align-channels.ts';
import { openPredictor } from '../predict/predictor.ts';
import { prepareTask } from '../task/prepare-task.ts';
import type { Target } from '../task/series-task.ts';

/** A configuration to try, by a name of its own. */
export interface Candidate {
  readonly label: string;
  readonly config: ClassifyConfigInput;
}

/** How a configuration did on the held-out series of every fold. */
export interface CandidateScore {
  readonly label: string;
  /** Mean over folds of the accuracy, or of the root mean squared error. */
  readonly score: number;
  /** The same, fold by fold. */
  readonly perFold: readonly number[];
  /** Mean over folds of the logarithmic loss; for classes. */
  readonly logLoss?: number;
  readonly chosen: boolean;
}

export interface CrossValidation {
  readonly folds: number;
  readonly measure: 'accuracy' | 'root mean squared error';
  readonly candidates: readonly CandidateScore[];
}

export interface CrossValidateOptions {
  /** Default `class`: labels are predicted; `value`: targets. */
  readonly kind?: Target['kind'];
  /** Folds are made of these series alone. */
  readonly train: SeriesSet;
  /** One or more. */
  readonly candidates: readonly Candidate[];
  /** Default 5. */
  readonly folds?: number;
  /** What the folds follow from; the same folds for every candidate. Default 0. */
  readonly seed?: number;
  /** An encoder that was pretrained before, see `fitClassifier`. It may have seen the series of the folds, never a label. */
  readonly checkpoint?: string | undefined;
  readonly backend: Backend;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: FitEvent) => void) | undefined;
}

/**
 * Scores configurations inside the training series: each is fitted on all folds but one, pretraining and scaling included, and
 * scored on that one. Of several the one with the highest mean accuracy (or lowest error) is chosen, of equals that with the
 * lower logarithmic loss, then the first. A class with fewer series than folds is in some folds only.
 *
 * @throws PatchBertError `config/invalid`, `data/...`, `evaluation/bad-option` for fewer series than folds, `classify/no-targets`.
 * @example
 * const { candidates } = await crossValidate({ train, backend, folds: 3, candidates: [
 *   { label: 'patches of 4', config: { model: { patchLength: 4 } } },
 *   { label: 'patches of 8', config: { model: { patchLength: 8 } } },
 * ] });
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidation> {
  const { kind = 'class', candidates, folds = 5, seed = 0, checkpoint } = options;
  if (candidates.length === 0) {
    throw new PatchBertError('classify/no-candidate', 'crossValidate: no candidate; expected one or more.');
  }
  const pretrained = checkpoint === undefined ? undefined : await readSeriesCheckpoint(checkpoint);
  const train = inOrderOf(pretrained, options.train);
  const configs = candidates.map(({ label, config }) => parseConfig(classifyConfigSchema, config, label));
  const few = configs.findIndex(({ labelsPerClass, labelFraction }) => labelsPerClass ?? labelFraction);
  if (few >= 0) {
    throw new PatchBertError(
      'classify/few-labels-folded',
      `crossValidate: ${candidates[few]!.label}: folds are scored by the labels of all training series, which labelsPerClass and labelFraction say are not to be read. Leave one of them out.`,
    );
  }
  const key = deriveKey(randomKey(seed), 'folds');
  const classes = kind === 'class' ? classesOf(train, configs[0]!) : undefined;
  const heldOut = classes
    ? stratifiedFolds(classIndices(train, classes), folds, key)
    : plainFolds(train.series.length, folds, key);
  const scores: FoldScore[][] = [];
  for (const [c, config] of configs.entries()) {
    const own: FoldScore[] = [];
    for (const [f, fold] of heldOut.entries()) {
      const text = `${candidates[c]!.label}: fold ${f + 1} of ${folds}`;
      options.onEvent?.({ type: 'stage', text });
      if (options.signal?.aborted) throw interrupted();
      own.push(await scoreFold(fold, { ...options, train, kind, choices: config, classes, pretrained }));
    }
    scores.push(own);
  }
  const summaries = scores.map((own) => summaryOf(own));
  const best = bestOf(summaries, kind);
  return {
    folds,
    measure: kind === 'class' ? 'accuracy' : 'root mean squared error',
    candidates: candidates.map(({ label }, c) => ({ label, ...summaries[c]!, chosen: c === best })),
  };
}

interface FoldScore {
  readonly score: number;
  readonly logLoss?: number;
}

type Summary = Omit<CandidateScore, 'label' | 'chosen'>;

async function scoreFold(
  fold: Int32Array,
  options: Omit<CrossValidateOptions, 'candidates'> & {
    readonly kind: Target['kind'];
    readonly choices: ClassifyChoices;
    readonly classes: readonly string[] | undefined;
    readonly pretrained: SeriesCheckpoint | undefined;
  },
): Promise<FoldScore> {
  const { train, kind, classes, pretrained, backend, signal, onEvent = () => {} } = options;
  const choices = { ...options.choices, control: false, baselines: false };
  const rest = selectSeries(train, trainingPart(train.series.length, fold));
  const task = prepareTask(rest, { kind, config: choices, pretrained: pretrained?.inputs, classes });
  const config = settleConfig(choices, task);
  const { members } = await fitMembers({
    task,
    config,
    pretrained: pretrained?.parameters,
    backend,
    signal,
    onEvent: (event) => {
      if (event.type === 'step') onEvent(event);
      if (signal?.aborted) throw interrupted();
    },
  });
  const held = selectSeries(train, fold);
  const { target, inputs } = task;
  const predictor = await openPredictor(backend, { target, inputs, members, config });
  try {
    const { ensemble } = await predictor.predict(held);
    const { classes: scores, values } = scorePredictions(ensemble, truthOf(held, target));
    return scores ? { score: scores.accuracy, logLoss: scores.logLoss } : { score: values!.rmse };
  } finally {
    predictor.dispose();
  }
}

function summaryOf(folds: readonly FoldScore[]): Summary {
  const mean = (of: (fold: FoldScore) => number) =>
    folds.reduce((sum, fold) => sum + of(fold), 0) / folds.length;
  return {
    score: mean(({ score }) => score),
    perFold: folds.map(({ score }) => score),
    ...(folds[0]!.logLoss !== undefined && { logLoss: mean(({ logLoss }) => logLoss!) }),
  };
}

function bestOf(summaries: readonly Summary[], kind: Target['kind']): number {
  const loss = ({ score }: Summary) => (kind === 'class' ? -score : score);
  const order = summaries.map((_, index) => index);
  const compare = (a: Summary, b: Summary) => loss(a) - loss(b) || (a.logLoss ?? 0) - (b.logLoss ?? 0);
  return order.sort((a, b) => compare(summaries[a]!, summaries[b]!))[0]!;
}
