import { type Envelope, keoghBound } from './envelope.ts';
import { type Effort, warpingDistance } from './warping-distance.ts';

/** The nearest of the candidates: its index and squared distance. */
export interface Nearest {
  readonly index: number;
  readonly distance: number;
}

/**
 * The candidate with the smallest warping distance, the first of equals; `undefined` when the budget ran out. Candidates are
 * tried in order of what they are known to cost at least, and left when they cost more than the best.
 *
 * @param bounds what each candidate costs at least; raised where more becomes known. `Infinity`: no candidate.
 * @param likely a candidate to try first.
 */
export function searchNearest(
  query: Float64Array,
  candidates: readonly Float64Array[],
  envelopes: readonly Envelope[],
  channels: number,
  reach: number,
  bounds: Float64Array,
  effort: Effort,
  likely?: number,
): Nearest | undefined {
  const rest = new Float64Array(query.length / channels + 1);
  let best: Nearest = { index: -1, distance: Infinity };
  const consider = (index: number) => {
    const bound = keoghBound(query, envelopes[index]!, channels, rest);
    effort.spent += query.length;
    bounds[index] = Math.max(bounds[index]!, bound);
    if (bounds[index]! > best.distance) return;
    const distance = warpingDistance(query, candidates[index]!, channels, reach, best.distance, rest, effort);
    bounds[index] = Math.max(bounds[index]!, Math.min(distance, best.distance));
    if (distance < best.distance || (distance === best.distance && index < best.index))
      best = { index, distance };
  };
  if (likely !== undefined) consider(likely);
  const order = [...bounds.keys()].filter(
    (i) => bounds[i] !== Infinity && bounds[i]! <= best.distance && i !== likely,
  );
  order.sort((i, j) => bounds[i]! - bounds[j]! || i - j);
  for (const index of order) {
    if (effort.spent > effort.budget) return undefined;
    if (bounds[index]! > best.distance) break;
    consider(index);
  }
  return best;
}
