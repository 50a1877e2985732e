import { PatchBertError } from '@patchbert/errors';

/** Throws `probe/bad-labels` unless there is one label from 0 to classes - 1 for each row. */
export function checkLabels(where: string, labels: Int32Array, rows: number, classes: number): void {
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new PatchBertError('probe/bad-labels', `${where}: classes is ${classes}; expected 2 or more.`);
  }
  if (labels.length !== rows) {
    throw new PatchBertError(
      'probe/bad-labels',
      `${where}: there are ${labels.length} labels for ${rows} rows of features; expected one label for each.`,
    );
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new PatchBertError(
      'probe/bad-labels',
      `${where}: the label of row ${wrong} is ${labels[wrong]}; expected 0 to ${classes - 1}, rows without label left out.`,
    );
  }
}

/** The weight of each row, `[rows]`: its class's, 1 without `classWeights`; throws `probe/bad-option`. */
export function weightsOfRows(
  where: string,
  labels: Int32Array,
  classes: number,
  classWeights: ArrayLike<number> | undefined,
): Float64Array {
  if (classWeights === undefined) return new Float64Array(labels.length).fill(1);
  const weights = Array.from(classWeights);
  if (weights.length !== classes || !weights.every((weight) => weight > 0 && weight < Infinity)) {
    throw new PatchBertError(
      'probe/bad-option',
      `${where}: classWeights is [${weights}]; expected one number above 0 for each of ${classes} classes.`,
    );
  }
  return Float64Array.from(labels, (label) => weights[label]!);
}
