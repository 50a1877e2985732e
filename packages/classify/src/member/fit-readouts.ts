import { drawLabels, stratifiedFolds } from '@patchbert/evaluation';
import {
  chooseLogisticPenalty,
  type FeatureMatrix,
  fitLogisticRegression,
  fitRidgeClassifier,
  fitRidgeRegressor,
  type LinearModel,
} from '@patchbert/probe';
import { deriveKey, type RandomKey } from '@patchbert/random';
import type { ClassifyConfig } from '../config/classify-config.ts';
import type { SeriesTask } from '../task/series-task.ts';
import { classWeightsOf, scaledValues } from './training-targets.ts';

/** Folds that choose the penalty of a logistic regression. */
const PENALTY_FOLDS = 5;

/** Most series a penalty is chosen on by folds, and a ridge is fitted on: its cost grows with their square. */
const MOST_FOLDED_SERIES = 1000;
const MOST_RIDGE_SERIES = 2048;

/** In closed form on the features of the labelled series, the penalty by leave-one-out. */
export function fitRidge(
  features: FeatureMatrix,
  { target, labelled }: SeriesTask,
  config: ClassifyConfig,
  key: RandomKey,
): LinearModel {
  const rows = drawnRows(features.rows, labelled.labels, MOST_RIDGE_SERIES, deriveKey(key, 'ridge'));
  const drawn = rows ? rowsOf(features, rows) : features;
  const only = <T extends Int32Array | Float64Array>(all: T) =>
    rows ? (all.filter((_, row) => rows.has(row)) as T) : all;
  if (target.kind === 'value') {
    return fitRidgeRegressor(drawn, scaledValues(target, only(labelled.values))).model;
  }
  const classWeights = classWeightsOf(target, labelled, config);
  return fitRidgeClassifier(drawn, only(labelled.labels), target.classes.length, {
    ...(classWeights && { classWeights }),
  }).model;
}

/** Rows to fit on when there are more than `most`, the same share of every class; undefined for all of them. */
function drawnRows(
  rows: number,
  labels: Int32Array,
  most: number,
  key: RandomKey,
): ReadonlySet<number> | undefined {
  if (rows <= most) return undefined;
  const groups = labels.length > 0 ? labels : new Int32Array(rows);
  return new Set(drawLabels(groups, { fraction: most / rows }, key));
}

function rowsOf({ columns, values }: FeatureMatrix, rows: ReadonlySet<number>): FeatureMatrix {
  const drawn = new Float32Array(rows.size * columns);
  let next = 0;
  for (const row of [...rows].sort((a, b) => a - b)) {
    drawn.set(values.subarray(row * columns, (row + 1) * columns), next);
    next += columns;
  }
  return { rows: rows.size, columns, values: drawn };
}

/** By maximum likelihood, the penalty chosen by folds of the labelled series; of values, the ridge. */
export function fitHead(
  features: FeatureMatrix,
  task: SeriesTask,
  config: ClassifyConfig,
  key: RandomKey,
): LinearModel {
  const { target, labelled } = task;
  if (target.kind === 'value') return fitRidge(features, task, config, key);
  const { labels } = labelled;
  const classWeights = classWeightsOf(target, labelled, config);
  const options = { ...(classWeights && { classWeights }) };
  const rows = drawnRows(features.rows, labels, MOST_FOLDED_SERIES, deriveKey(key, 'penalty'));
  const folded = rows ? rowsOf(features, rows) : features;
  const own = rows ? labels.filter((_, row) => rows.has(row)) : labels;
  // A fold must leave two series to learn from.
  const folds = Math.min(PENALTY_FOLDS, own.length - 1);
  const penalty =
    folds < 2
      ? undefined
      : chooseLogisticPenalty(folded, own, target.classes.length, {
          ...options,
          folds: stratifiedFolds(own, folds, deriveKey(key, 'penalty')),
        }).penalty;
  return fitLogisticRegression(features, labels, target.classes.length, {
    ...options,
    ...(penalty !== undefined && { penalty }),
  }).model;
}
