import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { calibrationBins } from '@patchbert/evaluation';
import { readJson, runFolderAt } from '@patchbert/train';
import type { MethodResult } from '../evaluate/method-result.ts';
import { verdictOf } from '../evaluate/verdict.ts';
import type { LearningCurve } from '../fit/learning-curve.ts';
import type { ClassifyReceipt } from '../fit/receipt.ts';
import type { CrossValidation } from '../select/cross-validate.ts';
import { CLASSIFIER_FILE, type ClassifierFile } from '../store/classifier-file.ts';
import type { StoredPrediction } from '../store/stored-predictions.ts';
import { factsOf } from './facts.ts';
import type { ClassifyGallery } from './gallery.ts';
import { meanCurves } from './mean-curves.ts';
import { methodRows } from './method-rows.ts';

/** What a report shows of a classifier or regressor; the shape that `renderClassificationReport` of `@patchbert/report` takes. */
export type ClassifySummary = Awaited<ReturnType<typeof summariseClassification>>;

/** What share of the bootstrapped scores lies in the intervals of the results. */
const LEVEL = 0.95;

/**
 * Reads a fitted classifier or regressor back from its folder, for its report.
 *
 * @throws PatchBertError `classify/no-classifier` when the folder does not hold a finished one.
 * @example
 * const page = renderClassificationReport(await summariseClassification('classifier'));
 */
export async function summariseClassification(folder: string) {
  const paths = runFolderAt(folder);
  const receipt = await required<ClassifyReceipt>(paths.receipt);
  const file = await required<ClassifierFile>(join(folder, CLASSIFIER_FILE));
  const results = await required<readonly MethodResult[]>(paths.evaluation);
  const gallery = await required<ClassifyGallery>(paths.gallery);
  const curves = await required<readonly LearningCurve[]>(join(folder, 'training.json'));
  const environment = await required<Record<string, string>>(paths.environment);
  const predictions = (await readJson(join(folder, 'predictions.json'))) as
    | readonly StoredPrediction[]
    | undefined;
  const { train, test } = receipt.data;
  const classes = file.target.kind === 'class' ? file.target.classes : undefined;
  return {
    title: `${classes ? 'Classifying' : 'Predicting a value of'} ${receipt.data.name}`,
    created: receipt.written,
    ...(receipt.command !== undefined && { command: receipt.command }),
    task: classes ? ('classification' as const) : ('regression' as const),
    summary: {
      trainSeries: train.series,
      testSeries: test?.series ?? 0,
      classes: classes?.length ?? 0,
      channels: train.channels,
      shortest: Math.min(train.shortest, test?.shortest ?? train.shortest),
      longest: Math.max(train.longest, test?.longest ?? train.longest),
      members: file.members.length,
      strategy: strategies[file.config.adapt],
      seconds: receipt.seconds,
    },
    results: methodRows(results),
    level: LEVEL,
    verdict: verdictOf(results),
    ...(classes && classesOf(classes, results, predictions)),
    training: meanCurves(curves),
    map: gallery.map,
    reconstructions: gallery.reconstructions,
    mistakes: gallery.mistakes,
    ...(!classes && predictions && { scatter: scatterOf(predictions) }),
    selection: selectionOf(receipt.crossValidation),
    data: dataOf(receipt),
    facts: factsOf(receipt, file, environment),
    configuration: file.config as Record<string, unknown>,
  };
}

const strategies: Readonly<Record<ClassifierFile['config']['adapt'], string>> = {
  'fine-tune': 'pretrained, fine-tuned',
  ridge: 'ridge on a frozen encoder',
  logistic: 'logistic regression on a frozen encoder',
  scratch: 'trained from scratch',
};

function classesOf(
  classes: readonly string[],
  results: readonly MethodResult[],
  predictions: readonly StoredPrediction[] | undefined,
) {
  const scores = results[0]?.classes;
  if (!scores || !predictions) return {};
  const probabilities = predictions.flatMap((one) => ('probabilities' in one ? one.probabilities : []));
  const truth = Int32Array.from(predictions, (one) => classes.indexOf(String(one.truth)));
  return {
    confusion: { classes, counts: scores.confusion },
    perClass: scores.perClass.map(({ support, precision, recall, f1, auroc }, k) => ({
      label: classes[k]!,
      support,
      precision,
      recall,
      f1,
      auroc,
    })),
    reliability: calibrationBins(Float64Array.from(probabilities), truth, classes.length),
  };
}

function scatterOf(predictions: readonly StoredPrediction[]) {
  return predictions.flatMap((one) => ('value' in one ? [{ truth: one.truth, predicted: one.value }] : []));
}

function selectionOf(crossValidation: CrossValidation | undefined) {
  if (!crossValidation) return [];
  const { folds, measure, candidates } = crossValidation;
  return [
    {
      what: candidates.length === 1 ? 'The configuration, checked' : 'The configuration',
      measure: `mean ${measure} over ${folds} folds of the training series`,
      candidates: candidates.map(({ label, score, chosen }) => ({ label, score, chosen })),
    },
  ];
}

function dataOf({ data }: ClassifyReceipt) {
  const part = (name: string, facts: ClassifyReceipt['data']['train']) => {
    const { series, shortest, longest, missing, classes, targetRange } = facts;
    return {
      part: name,
      series,
      shortest,
      longest,
      missing,
      ...(classes && { classes }),
      ...(targetRange && { targetRange }),
    };
  };
  return {
    name: data.name,
    channels: data.channels,
    parts: [part('train', data.train), ...(data.test ? [part('test', data.test)] : [])],
    ...(data.licence !== undefined && { licence: data.licence }),
    ...(data.citation !== undefined && { citation: data.citation }),
    sha256: data.files.length === 1 ? data.files[0]!.sha256 : data.train.fingerprint,
  };
}

async function required<T>(path: string): Promise<T> {
  const value = await readJson(path);
  if (value !== undefined) return value as T;
  throw new PatchBertError(
    'classify/no-classifier',
    `summariseClassification: "${path}" is not there; expected the folder that a finished fit left.`,
  );
}
