import { PatchBertError } from '@patchbert/errors';
import { checkLabels } from '../linear/check-labels.ts';
import { checkPenalties } from '../linear/check-penalties.ts';
import { checkFeatures, type FeatureMatrix } from '../linear/feature-matrix.ts';
import { applyLinear } from '../linear/linear-model.ts';
import { fitLogisticRegression, type LogisticOptions } from './fit-logistic-regression.ts';

export interface LogisticPenaltyOptions extends Omit<LogisticOptions, 'penalty'> {
  /** For each fold the rows it holds out, as `stratifiedFolds` of `@patchbert/evaluation` gives them. */
  readonly folds: readonly Int32Array[];
  /** Penalties to choose from; default 0.1, 1, 10, 100, 1,000. */
  readonly penalties?: readonly number[];
}

export interface LogisticPenalty {
  /** The penalty with the smallest loss, the first of equals. */
  readonly penalty: number;
  /** For each penalty, in order: mean cross-entropy and accuracy of the rows held out. */
  readonly candidates: readonly {
    readonly penalty: number;
    readonly logLoss: number;
    readonly accuracy: number;
  }[];
}

/**
 * The penalty of a logistic regression by cross-validation, on the cross-entropy of rows held out.
 *
 * @throws PatchBertError as `fitLogisticRegression`, also `probe/bad-option` for folds that leave less than two rows.
 * @example
 * const { penalty } = chooseLogisticPenalty(features, labels, 3, { folds: stratifiedFolds(labels, 5, key) });
 */
export function chooseLogisticPenalty(
  features: FeatureMatrix,
  labels: Int32Array,
  classes: number,
  { folds, penalties = [0.1, 1, 10, 100, 1000], ...options }: LogisticPenaltyOptions,
): LogisticPenalty {
  const where = 'chooseLogisticPenalty';
  checkFeatures(where, features, 2);
  checkLabels(where, labels, features.rows, classes);
  checkPenalties(where, penalties);
  checkFolds(where, folds, features.rows);
  const parts = folds.map((fold) => {
    const held = new Set(fold);
    const others = Int32Array.from(labels.keys()).filter((row) => !held.has(row));
    return { training: rowsOf(features, labels, others), test: rowsOf(features, labels, fold) };
  });
  const candidates = penalties.map((penalty) => {
    let [loss, right, count] = [0, 0, 0];
    for (const { training, test } of parts) {
      const { model } = fitLogisticRegression(training.features, training.labels, classes, {
        ...options,
        penalty,
      });
      const scores = applyLinear(model, test.features);
      test.labels.forEach((label, row) => {
        const own = scores.subarray(row * classes, (row + 1) * classes);
        const largest = Math.max(...own);
        loss +=
          Math.log(own.reduce((sum, score) => sum + Math.exp(score - largest), 0)) + largest - own[label]!;
        if (own.indexOf(largest) === label) right += 1;
      });
      count += test.labels.length;
    }
    return { penalty, logLoss: loss / count, accuracy: right / count };
  });
  const best = candidates.reduce((best, one) => (one.logLoss < best.logLoss ? one : best));
  return { penalty: best.penalty, candidates };
}

function rowsOf({ columns, values }: FeatureMatrix, labels: Int32Array, rows: Int32Array) {
  const kept = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    kept.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const exact = values instanceof Float32Array ? Float32Array.from(kept) : kept;
  return {
    features: { rows: rows.length, columns, values: exact },
    labels: rows.map((row) => labels[row]!),
  };
}

function checkFolds(where: string, folds: readonly Int32Array[], rows: number): void {
  const bad = (what: string) => new PatchBertError('probe/bad-option', `${where}: ${what}`);
  if (folds.length === 0) throw bad('there are no folds; expected two or more.');
  folds.forEach((fold, i) => {
    if (fold.length === 0 || rows - new Set(fold).size < 2) {
      throw bad(
        `fold ${i} holds out ${fold.length} of ${rows} rows; expected one or more, and two or more that are left.`,
      );
    }
    const wrong = fold.find((row) => row < 0 || row >= rows);
    if (wrong !== undefined) throw bad(`fold ${i} holds out row ${wrong}; expected 0 to ${rows - 1}.`);
  });
}
