import type { SeriesSet } from '@patchbert/data';
import { learnWindow, majorityClass, nearestNeighbour, summaryFeatures } from '@patchbert/evaluation';
import { type FeatureMatrix, fitRidgeClassifier, fitRidgeRegressor } from '@patchbert/probe';
import { scaledValues } from '../member/training-targets.ts';
import { readoutPredictions } from '../predict/combine-readouts.ts';
import { outputCount, type SeriesTask } from '../task/series-task.ts';
import type { MethodResult } from './method-result.ts';
import { scorePredictions, type Truth } from './score-predictions.ts';

/** A simple method, or why it was not run. */
export type BaselineResult = MethodResult | { readonly method: string; readonly skipped: string };

/** Share of the length that series may be shifted by against each other when it cannot be learned (Sakoe and Chiba 1978). */
const USUAL_WINDOW = 0.1;

type Channels = readonly Float32Array[];

/** Simple methods that saw the same labels, on the test series: what a network has to beat. */
export function baselineResults(task: SeriesTask, test: SeriesSet, truth: Truth): BaselineResult[] {
  const known = task.labelled.indices;
  const train = Array.from(known, (index) => scaled(task, task.train.series[index]!.values));
  const tested = test.series.map(({ values }) => scaled(task, values));
  const result = (method: string, predictions: Float64Array): MethodResult => ({
    method,
    kind: 'baseline',
    ...scorePredictions(predictions, truth),
  });
  return [
    result(
      task.target.kind === 'class' ? 'majority class' : 'mean value',
      constantPrediction(task, tested.length),
    ),
    neighbours('1-nearest neighbour, Euclid', { distance: 'euclidean' }),
    warpedNeighbours(),
    result('ridge on summary statistics', ridgeOnSummaries(task, train, tested)),
  ];

  function neighbours(method: string, options: Parameters<typeof nearestNeighbour>[2]): BaselineResult {
    const found = nearestNeighbour(train, tested, options);
    return 'skipped' in found ? { method, ...found } : result(method, copied(task, found.nearest));
  }

  /** The window is learned where there are classes and the time allows it; otherwise it is a tenth of the length. */
  function warpedNeighbours(): BaselineResult {
    const learned =
      task.target.kind === 'class' && train.length > 1
        ? learnWindow(train, task.labelled.labels)
        : { skipped: 'there is nothing to learn it from' };
    const window = 'skipped' in learned ? USUAL_WINDOW : learned.window;
    const name = `1-nearest neighbour, DTW, window ${Math.round(100 * window)} %`;
    return neighbours(name, { distance: 'dtw', window });
  }
}

/** Every channel counts alike: by the mean and deviation of the training series. */
function scaled({ inputs: { scaler } }: SeriesTask, channels: Channels): Channels {
  return channels.map((column, c) => column.map((value) => (value - scaler.mean[c]!) / scaler.deviation[c]!));
}

function constantPrediction({ target, labelled }: SeriesTask, count: number): Float64Array {
  if (target.kind === 'value') {
    const mean = labelled.values.reduce((sum, value) => sum + value, 0) / labelled.values.length;
    return new Float64Array(count).fill(mean);
  }
  const { shares } = majorityClass(labelled.labels, target.classes.length);
  return Float64Array.from({ length: count * shares.length }, (_, i) => shares[i % shares.length]!);
}

/** The label or value of a training series for each test series. */
function copied({ target, labelled }: SeriesTask, nearest: Int32Array): Float64Array {
  if (target.kind === 'value') return Float64Array.from(nearest, (index) => labelled.values[index]!);
  const classes = outputCount(target);
  const probabilities = new Float64Array(nearest.length * classes);
  nearest.forEach((index, i) => {
    probabilities[i * classes + labelled.labels[index]!] = 1;
  });
  return probabilities;
}

function ridgeOnSummaries(
  { target, labelled }: SeriesTask,
  train: readonly Channels[],
  test: readonly Channels[],
): Float64Array {
  const features = summaries(train);
  const { model } =
    target.kind === 'class'
      ? fitRidgeClassifier(features, labelled.labels, target.classes.length)
      : fitRidgeRegressor(features, scaledValues(target, labelled.values));
  return readoutPredictions(summaries(test), { ridge: model }, target).ridge!;
}

function summaries(series: readonly Channels[]): FeatureMatrix {
  const rows = series.map(summaryFeatures);
  const columns = rows[0]!.length;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    values.set(row, i * columns);
  });
  return { rows: rows.length, columns, values };
}
