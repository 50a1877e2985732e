import { checkLabels, weightsOfRows } from '../linear/check-labels.ts';
import { checkPenalties, defaultPenalties } from '../linear/check-penalties.ts';
import { checkFeatures, type FeatureMatrix } from '../linear/feature-matrix.ts';
import type { LinearModel } from '../linear/linear-model.ts';
import { foldStandardisation, standardise } from '../linear/standardise.ts';
import { choosePenalty } from './choose-penalty.ts';
import { ridgeProblem } from './ridge-problem.ts';
import { solveRidge } from './solve-ridge.ts';

export interface RidgeClassifierOptions {
  /** Penalties to choose from; default 13 from 1e-2 to 1e4, half a decade apart. */
  readonly penalties?: readonly number[];
  /** Weight of every row by its class, `[classes]`, each above 0; default all 1. */
  readonly classWeights?: ArrayLike<number>;
}

export interface RidgeClassifier {
  /** One output per class; the largest is the prediction. */
  readonly model: LinearModel;
  /** The penalty chosen. */
  readonly penalty: number;
  /** For each penalty, in order: how rows left out of the fit were predicted. */
  readonly leaveOneOut: readonly {
    readonly penalty: number;
    readonly accuracy: number;
    /** Mean over rows and classes, targets +1 and -1. */
    readonly squaredError: number;
  }[];
  /** Scores of every row when left out of the fit, `[rows, classes]`, with the penalty chosen. */
  readonly leaveOneOutScores: Float64Array;
}

/**
 * Ridge regression on class indicators (+1 and -1): columns standardised (constant ones get weight 0), an intercept without
 * penalty, and the penalty with the smallest squared error of exact leave-one-out (Allen 1974; as scikit-learn's
 * RidgeClassifierCV on standardised features). Two classes have two outputs, one the negative of the other.
 *
 * @param labels `[rows]`, 0 to `classes` - 1; a class may be absent.
 * @throws PatchBertError `probe/bad-features`, `probe/bad-labels`, `probe/bad-option`.
 * @example
 * const { model, penalty } = fitRidgeClassifier(features, labels, 3);
 * const scores = applyLinear(model, others); // [rows * 3]
 */
export function fitRidgeClassifier(
  features: FeatureMatrix,
  labels: Int32Array,
  classes: number,
  { penalties = defaultPenalties, classWeights }: RidgeClassifierOptions = {},
): RidgeClassifier {
  const where = 'fitRidgeClassifier';
  checkFeatures(where, features, 2);
  checkLabels(where, labels, features.rows, classes);
  checkPenalties(where, penalties);
  const weights = weightsOfRows(where, labels, classes, classWeights);
  const targets = new Float64Array(features.rows * classes).fill(-1);
  labels.forEach((label, row) => {
    targets[row * classes + label] = 1;
  });
  const standardised = standardise(features);
  const problem = ridgeProblem(standardised, targets, classes, weights);
  const { tried, best } = choosePenalty(problem, targets, weights, penalties);
  const { weight, intercept } = solveRidge(problem, best.penalty);
  return {
    model: foldStandardisation(standardised, features.columns, weight, intercept),
    penalty: best.penalty,
    leaveOneOut: tried.map(({ penalty, predictions, squaredError }) => ({
      penalty,
      accuracy: shareRight(predictions, labels, classes),
      squaredError,
    })),
    leaveOneOutScores: best.predictions,
  };
}

function shareRight(scores: Float64Array, labels: Int32Array, classes: number): number {
  let right = 0;
  labels.forEach((label, row) => {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (scores[row * classes + k]! > scores[row * classes + best]!) best = k;
    if (best === label) right += 1;
  });
  return right / labels.length;
}
