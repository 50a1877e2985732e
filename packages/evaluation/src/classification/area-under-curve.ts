/**
 * Area under the ROC curve of each class against all others: the chance that an example of the class has the larger
 * probability of it than an example of another, ties half (Mann & Whitney 1947). NaN without examples of both kinds.
 *
 * @param probabilities `[count, classes]`.
 */
export function areasUnderCurve(
  probabilities: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
): number[] {
  return Array.from({ length: classes }, (_, k) => {
    const ofClass = Float64Array.from(labels, (_, i) => probabilities[i * classes + k]!);
    const ranks = middleRanks(ofClass);
    let positives = 0;
    let sum = 0;
    labels.forEach((label, i) => {
      if (label !== k) return;
      positives += 1;
      sum += ranks[i]!;
    });
    const negatives = labels.length - positives;
    return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
  });
}

/** The place of every value in ascending order, from 1; equal values share the mean of their places. */
export function middleRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let after = first + 1;
    while (after < order.length && values[order[after]!] === values[order[first]!]) after += 1;
    for (let i = first; i < after; i++) ranks[order[i]!] = (first + 1 + after) / 2;
    first = after;
  }
  return ranks;
}
