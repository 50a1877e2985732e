import { checkLabels } from '../classification/check-classes.ts';

/**
 * The baseline that looks at no series: the most frequent class, the first of equals, and the share of each.
 *
 * @param labels `[count]`, 0 to `classes` - 1.
 * @returns `shares` `[classes]`: as probabilities of every example they have the lowest log-loss that ignoring it can have.
 * @throws PatchBertError `evaluation/bad-labels`.
 * @example
 * majorityClass(Int32Array.of(1, 0, 1, 1), 2); // { label: 1, shares: [0.25, 0.75] }
 */
export function majorityClass(
  labels: Int32Array,
  classes: number,
): { readonly label: number; readonly shares: Float64Array } {
  checkLabels('majorityClass', labels, classes);
  const shares = new Float64Array(classes);
  for (const label of labels) shares[label]! += 1 / labels.length;
  return { label: shares.indexOf(Math.max(...shares)), shares };
}
