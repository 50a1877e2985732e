/** Share of a target that must be observed for its window to count. */
const LEAST_OBSERVED = 0.5;

/**
 * Least squares in closed form needs every step of a target: steps that were not observed are put on the straight line
 * between the observed ones beside them, and a window of which less than half was observed gets the weight 0. Scores and
 * gradient training never see a filled value. Changes both arrays.
 *
 * @param targets `[S * horizon]`.
 * @param weights `[S]`.
 */
export function fillTargets(
  targets: Float32Array,
  observed: Uint8Array,
  weights: Float32Array,
  horizon: number,
): void {
  for (let s = 0; s < weights.length; s++) {
    if (weights[s] === 0) continue;
    const from = s * horizon;
    const count = countOnes(observed, from, from + horizon);
    if (count === horizon) continue;
    if (count < LEAST_OBSERVED * horizon) weights[s] = 0;
    else fillRow(targets, observed, from, from + horizon);
  }
}

function fillRow(targets: Float32Array, observed: Uint8Array, from: number, to: number): void {
  let before = -1;
  for (let i = from; i < to; i++) {
    if (observed[i] === 1) {
      before = i;
      continue;
    }
    let after = i;
    while (after < to && observed[after] === 0) after++;
    for (let gap = i; gap < after; gap++) {
      const left = before < 0 ? targets[after]! : targets[before]!;
      const right = after === to ? left : targets[after]!;
      const share = before < 0 || after === to ? 0 : (gap - before) / (after - before);
      targets[gap] = left + share * (right - left);
    }
    i = after - 1;
  }
}

function countOnes(values: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) count += values[i]!;
  return count;
}
