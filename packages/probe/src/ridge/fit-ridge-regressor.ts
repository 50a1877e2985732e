import { PatchBertError } from '@patchbert/errors';
import { checkPenalties, defaultPenalties } from '../linear/check-penalties.ts';
import { checkFeatures, type FeatureMatrix } from '../linear/feature-matrix.ts';
import type { LinearModel } from '../linear/linear-model.ts';
import { foldStandardisation, standardise } from '../linear/standardise.ts';
import { choosePenalty } from './choose-penalty.ts';
import { ridgeProblem } from './ridge-problem.ts';
import { solveRidge } from './solve-ridge.ts';

export interface RidgeRegressorOptions {
  /** Penalties to choose from; default 13 from 1e-2 to 1e4, half a decade apart. */
  readonly penalties?: readonly number[];
}

export interface RidgeRegressor {
  /** One output, in the targets' units. */
  readonly model: LinearModel;
  /** The penalty chosen. */
  readonly penalty: number;
  /** For each penalty, in order: the mean squared error of rows left out of the fit, in the targets' units squared. */
  readonly leaveOneOut: readonly { readonly penalty: number; readonly squaredError: number }[];
  /** What every row is predicted as when left out of the fit, `[rows]`, with the penalty chosen. */
  readonly leaveOneOutPredictions: Float64Array;
}

/**
 * Ridge regression of one number: columns standardised (constant ones get weight 0), an intercept without penalty, and the
 * penalty with the smallest squared error of exact leave-one-out (Allen 1974; as scikit-learn's RidgeCV on standardised
 * features).
 *
 * @param targets `[rows]`, finite, any units.
 * @throws PatchBertError `probe/bad-features`, `probe/bad-targets`, `probe/bad-option`.
 * @example
 * const { model } = fitRidgeRegressor(features, targets);
 * const predictions = applyLinear(model, others); // [rows]
 */
export function fitRidgeRegressor(
  features: FeatureMatrix,
  targets: Float32Array | Float64Array,
  { penalties = defaultPenalties }: RidgeRegressorOptions = {},
): RidgeRegressor {
  const where = 'fitRidgeRegressor';
  checkFeatures(where, features, 2);
  checkTargets(where, targets, features.rows);
  checkPenalties(where, penalties);
  const weights = new Float64Array(features.rows).fill(1);
  const standardised = standardise(features);
  const exact = Float64Array.from(targets);
  const problem = ridgeProblem(standardised, exact, 1, weights);
  const { tried, best } = choosePenalty(problem, exact, weights, penalties);
  const { weight, intercept } = solveRidge(problem, best.penalty);
  return {
    model: foldStandardisation(standardised, features.columns, weight, intercept),
    penalty: best.penalty,
    leaveOneOut: tried.map(({ penalty, squaredError }) => ({ penalty, squaredError })),
    leaveOneOutPredictions: best.predictions,
  };
}

function checkTargets(where: string, targets: Float32Array | Float64Array, rows: number): void {
  if (targets.length !== rows) {
    throw new PatchBertError(
      'probe/bad-targets',
      `${where}: there are ${targets.length} targets for ${rows} rows of features; expected one for each.`,
    );
  }
  const wrong = targets.findIndex((value: number) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new PatchBertError(
      'probe/bad-targets',
      `${where}: the target of row ${wrong} is ${targets[wrong]}; leave out rows without a target.`,
    );
  }
}
