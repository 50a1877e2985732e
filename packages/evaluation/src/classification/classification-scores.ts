import { areasUnderCurve } from './area-under-curve.ts';
import { calibrationBins, calibrationErrorOf } from './calibration.ts';
import { checkLabels, checkProbabilities } from './check-classes.ts';
import { predictedClasses } from './probabilities-of.ts';

export interface ClassScores {
  /** Examples of the class. */
  readonly support: number;
  /** Examples predicted to be of the class. */
  readonly predicted: number;
  /** NaN when the class was never predicted. */
  readonly precision: number;
  /** NaN without examples of the class. */
  readonly recall: number;
  /** Harmonic mean of precision and recall, 0 when one of them is undefined. */
  readonly f1: number;
  /** Area under the ROC curve against all other classes; NaN without examples of both. */
  readonly auroc: number;
}

export interface ClassificationScores {
  readonly count: number;
  readonly accuracy: number;
  /** Mean recall of the classes that have examples. */
  readonly balancedAccuracy: number;
  /** Mean F1 of all classes. */
  readonly macroF1: number;
  /** Mean F1 of the classes that have examples or were predicted, as scikit-learn has it. */
  readonly macroF1Present: number;
  /** Mean of -ln(probability of the true class), which counts as 2.2e-16 or more. */
  readonly logLoss: number;
  /** Mean over classes of the area under the ROC curve of one class against the rest; NaN when no class has both. */
  readonly auroc: number;
  /** Expected calibration error of the predicted class, 15 bins. */
  readonly calibrationError: number;
  /** Mean squared distance of the probabilities from the truth, summed over classes (Brier 1950): 0 to 2. */
  readonly brier: number;
  /** `confusion[true][predicted]`. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly ClassScores[];
}

/**
 * What predicted probabilities are worth: the prediction is the most probable class, the first of equals.
 *
 * @param options.probabilities `[count, classes]`, each row adding up to 1.
 * @param options.labels `[count]`, 0 to `classes` - 1.
 * @throws PatchBertError `evaluation/bad-labels` (none, or one outside the classes), `evaluation/bad-probabilities`.
 * @example
 * const { accuracy } = classificationScores({
 *   probabilities: Float32Array.of(0.9, 0.1, 0.2, 0.8), labels: Int32Array.of(0, 0), classes: 2 }); // 0.5
 */
export function classificationScores({
  probabilities,
  labels,
  classes,
}: {
  readonly probabilities: Float32Array | Float64Array;
  readonly labels: Int32Array;
  readonly classes: number;
}): ClassificationScores {
  checkLabels('classificationScores', labels, classes);
  checkProbabilities('classificationScores', probabilities, labels.length, classes);
  const predictions = predictedClasses(probabilities, classes);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    confusion[label]![predictions[i]!]! += 1;
  });
  const areas = areasUnderCurve(probabilities, labels, classes);
  const perClass = confusion.map((row, k) => classScores(confusion, row, k, areas[k]!));
  const present = perClass.filter(({ support, predicted }) => support + predicted > 0);
  return {
    count: labels.length,
    accuracy: accuracyOf(predictions, labels),
    balancedAccuracy: meanOfDefined(perClass.map(({ recall }) => recall)),
    macroF1: meanOfDefined(perClass.map(({ f1 }) => f1)),
    macroF1Present: meanOfDefined(present.map(({ f1 }) => f1)),
    ...probabilityScores(probabilities, labels, classes),
    auroc: meanOfDefined(areas),
    calibrationError: calibrationErrorOf(calibrationBins(probabilities, labels, classes)),
    confusion,
    perClass,
  };
}

/**
 * The share of predictions that equal their labels.
 *
 * @param predictions `[count]`.
 * @param labels `[count]`; NaN when there are none.
 * @example
 * accuracyOf(Int32Array.of(0, 1), Int32Array.of(0, 2)); // 0.5
 */
export function accuracyOf(predictions: Int32Array, labels: Int32Array): number {
  let right = 0;
  labels.forEach((label, i) => {
    if (predictions[i] === label) right += 1;
  });
  return right / labels.length;
}

function classScores(
  confusion: readonly (readonly number[])[],
  row: readonly number[],
  k: number,
  auroc: number,
): ClassScores {
  const right = row[k]!;
  const support = row.reduce((sum, count) => sum + count, 0);
  const predicted = confusion.reduce((sum, other) => sum + other[k]!, 0);
  return {
    support,
    predicted,
    precision: right / predicted,
    recall: right / support,
    f1: right === 0 ? 0 : (2 * right) / (support + predicted),
    auroc,
  };
}

function probabilityScores(
  probabilities: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
): { logLoss: number; brier: number } {
  let logLoss = 0;
  let brier = 0;
  labels.forEach((label, i) => {
    logLoss -= Math.log(Math.min(1, Math.max(Number.EPSILON, probabilities[i * classes + label]!)));
    for (let k = 0; k < classes; k++) {
      brier += (probabilities[i * classes + k]! - (k === label ? 1 : 0)) ** 2;
    }
  });
  return { logLoss: logLoss / labels.length, brier: brier / labels.length };
}

/** NaN when nothing is defined. */
function meanOfDefined(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
