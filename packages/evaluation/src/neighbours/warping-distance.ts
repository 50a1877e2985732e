/** Work allowed and done, in updates of cells times channels. */
export interface Effort {
  readonly budget: number;
  spent: number;
}

/** What rounding in the order of sums can hide; a bound must not prune a neighbour by it. */
const SLACK = 1 + 1e-12;

/**
 * Dynamic time warping of two `[length, channels]` series (Sakoe & Chiba 1978): the least sum of squared distances over
 * monotone alignments that stay within `reach` points; all channels are aligned together. `Infinity` when it is above
 * `cutoff`; cells from which it must be are left out (Silva & Batista 2016).
 *
 * @param rest `[length + 1]`: what the points of `a` from t on cost at least.
 */
export function warpingDistance(
  a: Float64Array,
  b: Float64Array,
  channels: number,
  reach: number,
  cutoff: number,
  rest: Float64Array,
  effort: Effort,
): number {
  const length = a.length / channels;
  let previous = new Float64Array(length + 1);
  let current = new Float64Array(length + 1);
  // Columns of the previous row that can still be on the way: outside them its entries are not read.
  let first = 1;
  let last = 0;
  for (let i = 1; i <= length; i++) {
    const limit = cutoff * SLACK - rest[i]!;
    const from = Math.max(first, i - reach);
    const to = Math.min(length, i + reach);
    let nextFirst = 0;
    let nextLast = 0;
    let left = Infinity;
    current[from - 1] = Infinity;
    let j = from;
    for (; j <= to; j++) {
      let least = left;
      if (j <= last + 1) {
        if (previous[j - 1]! < least) least = previous[j - 1]!;
        if (j <= last && previous[j]! < least) least = previous[j]!;
      } else if (left === Infinity) break;
      for (let c = 0; c < channels; c++) {
        const distance = a[(i - 1) * channels + c]! - b[(j - 1) * channels + c]!;
        least += distance * distance;
      }
      if (least > limit) left = Infinity;
      else {
        left = least;
        if (nextFirst === 0) nextFirst = j;
        nextLast = j;
      }
      current[j] = left;
    }
    effort.spent += (j - from) * channels;
    if (nextFirst === 0) return Infinity;
    first = nextFirst;
    last = nextLast;
    [previous, current] = [current, previous];
  }
  return last === length ? previous[length]! : Infinity;
}
