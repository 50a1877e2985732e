import { PatchBertError } from '@patchbert/errors';

/** Throws `evaluation/bad-labels` unless there is a label, and every label is a whole number from 0 to classes - 1. */
export function checkLabels(where: string, labels: Int32Array, classes: number): void {
  if (!Number.isSafeInteger(classes) || classes < 1) {
    throw new PatchBertError('evaluation/bad-labels', `${where}: classes is ${classes}; expected 1 or more.`);
  }
  if (labels.length === 0) {
    throw new PatchBertError('evaluation/bad-labels', `${where}: there are no labels; expected one or more.`);
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new PatchBertError(
      'evaluation/bad-labels',
      `${where}: label ${wrong} is ${labels[wrong]}; expected 0 to ${classes - 1}, examples without label left out.`,
    );
  }
}

/** How far the probabilities of one example may be from adding up to 1; float32 softmax stays far below. */
const SUM_TOLERANCE = 1e-3;

/** Throws `evaluation/bad-probabilities` unless each row of `[count, classes]` is a distribution. */
export function checkProbabilities(
  where: string,
  probabilities: Float32Array | Float64Array,
  count: number,
  classes: number,
): void {
  const bad = (what: string) => new PatchBertError('evaluation/bad-probabilities', `${where}: ${what}`);
  if (probabilities.length !== count * classes) {
    throw bad(
      `there are ${probabilities.length} probabilities; ${count} examples of ${classes} classes need ${count * classes}.`,
    );
  }
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const one = probabilities[i * classes + k]!;
      if (!(one >= 0)) throw bad(`example ${i} has probability ${one} of class ${k}; expected 0 to 1.`);
      sum += one;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw bad(
        `the probabilities of example ${i} add up to ${sum}, not 1; turn scores into probabilities first.`,
      );
    }
  }
}
