import { PatchBertError } from '@patchbert/errors';
import { checkLabels, weightsOfRows } from '../linear/check-labels.ts';
import { checkFeatures, type FeatureMatrix } from '../linear/feature-matrix.ts';
import type { LinearModel } from '../linear/linear-model.ts';
import { foldStandardisation, standardise } from '../linear/standardise.ts';
import { crossEntropyObjective } from './cross-entropy.ts';
import { minimise } from './minimise.ts';

export interface LogisticOptions {
  /** Strength of the penalty on squared weights, above 0; default 1. */
  readonly penalty?: number;
  /** Default 500. */
  readonly maximumIterations?: number;
  /** Largest entry of the gradient of the mean loss at which the fit ends; default 1e-6. */
  readonly tolerance?: number;
  /** Weight of every row by its class, `[classes]`, each above 0; default all 1. */
  readonly classWeights?: ArrayLike<number>;
}

export interface LogisticRegression {
  /** One output per class; softmax of the outputs gives probabilities. */
  readonly model: LinearModel;
  /** Whether the tolerance was reached. */
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Multinomial logistic regression: columns standardised (constant ones get weight 0), a bias without penalty, and
 * `sum of cross-entropies + penalty / 2 * squared weights` at its minimum, by L-BFGS. As scikit-learn's LogisticRegression
 * with C = 1 / penalty on standardised features; for two classes, which have two outputs here, with C = 2 / penalty.
 *
 * @param labels `[rows]`, 0 to `classes` - 1.
 * @throws PatchBertError `probe/bad-features`, `probe/bad-labels`, `probe/bad-option`.
 * @example
 * const { model } = fitLogisticRegression(features, labels, 3, { penalty: 10 });
 * const scores = applyLinear(model, others); // [rows * 3]
 */
export function fitLogisticRegression(
  features: FeatureMatrix,
  labels: Int32Array,
  classes: number,
  { penalty = 1, maximumIterations = 500, tolerance = 1e-6, classWeights }: LogisticOptions = {},
): LogisticRegression {
  const where = 'fitLogisticRegression';
  checkFeatures(where, features, 2);
  checkLabels(where, labels, features.rows, classes);
  for (const [name, value] of Object.entries({ penalty, maximumIterations, tolerance })) {
    if (!(value > 0 && value < Infinity)) {
      throw new PatchBertError(
        'probe/bad-option',
        `${where}: ${name} is ${value}; expected a number above 0.`,
      );
    }
  }
  const weights = weightsOfRows(where, labels, classes, classWeights);
  const standardised = standardise(features);
  const objective = crossEntropyObjective(standardised, labels, classes, weights, penalty);
  const biases = classes * standardised.columns;
  const { point, converged, iterations } = minimise(objective, new Float64Array(biases + classes), {
    maximumIterations,
    tolerance,
  });
  const model = foldStandardisation(
    standardised,
    features.columns,
    point.subarray(0, biases),
    point.subarray(biases),
  );
  return { model, converged, iterations };
}
