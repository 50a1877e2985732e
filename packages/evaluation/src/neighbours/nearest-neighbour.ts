import { PatchBertError } from '@patchbert/errors';
import { checkWhole } from '../check-whole.ts';
import {
  type ChannelValues,
  type ComparableSeries,
  comparableSeries,
  longestOf,
} from './comparable-series.ts';
import { envelopeOf, keoghBound } from './envelope.ts';
import { searchNearest } from './search-nearest.ts';
import type { Effort } from './warping-distance.ts';

/** Values of all series together that are brought to one length, in memory. */
export const MOST_VALUES = 5e7;

export interface NearestNeighbourOptions {
  readonly distance: 'euclidean' | 'dtw';
  /** How far `dtw` may move points, as a share of the length, 0 to 1; default 0.1. */
  readonly window?: number;
  /** Distances of two values computed at most; default 1e9, some ten seconds. */
  readonly budget?: number;
}

/** Not done, and why, in words for people. */
export interface Skipped {
  readonly skipped: string;
}

export interface NearestNeighbours {
  /** For each test series the index of its nearest training series, the first of equals; 0 where no point is shared. */
  readonly nearest: Int32Array;
  /** Their distances: square roots of summed squares; `Infinity` where no point is shared. */
  readonly distances: Float64Array;
}

export const DEFAULT_BUDGET = 1e9;

/**
 * The nearest training series of every test series. Series are first stretched linearly to the length of the longest
 * training series; units are left as they are. `euclidean` leaves out points missing on either side and scales up for them;
 * `dtw` bridges gaps by straight lines and aligns all channels together (dependent DTW), within its window.
 *
 * Exact: candidates are only left out when a bound (LB_Keogh, early abandoning) proves them farther.
 *
 * @param train one or more series of `[channels][points]`, NaN missing; lengths may differ between series.
 * @returns `{ skipped }` when the budget would be exceeded.
 * @throws PatchBertError `evaluation/bad-series`, `evaluation/bad-option`.
 * @example
 * const found = nearestNeighbour(train, test, { distance: 'dtw', window: 0.05 });
 * if (!('skipped' in found)) found.nearest; // Int32Array [test series]
 */
export function nearestNeighbour(
  train: readonly ChannelValues[],
  test: readonly ChannelValues[],
  { distance, window = 0.1, budget = DEFAULT_BUDGET }: NearestNeighbourOptions,
): NearestNeighbours | Skipped {
  const where = 'nearestNeighbour';
  checkWhole(where, 'number of training series', train.length);
  checkShare(where, 'window', window);
  const [channels, length] = [train[0]!.length, longestOf(train)];
  const values = (train.length + test.length) * length * channels;
  if (values > MOST_VALUES)
    return { skipped: `${values.toLocaleString('en-US')} values are too many to compare` };
  const gaps = distance === 'dtw' ? 'interpolate' : 'keep';
  const known = comparableSeries(where, train, channels, length, gaps);
  const asked = comparableSeries(where, test, channels, length, gaps);
  const effort = { budget, spent: 0 };
  const search =
    distance === 'dtw'
      ? warpingSearch(known, reachOf(window, length), effort)
      : euclideanSearch(known, effort);
  const nearest = new Int32Array(test.length);
  const distances = new Float64Array(test.length);
  for (let i = 0; i < test.length; i++) {
    const found = search(asked.values[i]!);
    if (found === undefined) {
      return { skipped: overBudget(budget, `after ${i} of ${test.length} series`) };
    }
    nearest[i] = Math.max(0, found.index);
    distances[i] = Math.sqrt(found.distance);
  }
  return { nearest, distances };
}

/** Points that a window of this share of the length may move. */
export function reachOf(window: number, length: number): number {
  return Math.round(window * length);
}

export function overBudget(budget: number, when: string): string {
  return `more than ${budget.toExponential(0)} distances of two values (stopped ${when})`;
}

export function checkShare(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `${where}: ${name} is ${value}; expected a share of the length from 0 to 1.`,
    );
  }
}

function warpingSearch(known: ComparableSeries, reach: number, effort: Effort) {
  const { channels, length, values } = known;
  const envelopes = values.map((one) => envelopeOf(one, known, reach));
  const rest = new Float64Array(length + 1);
  return (query: Float64Array) => {
    const bounds = Float64Array.from(envelopes, (envelope) => keoghBound(query, envelope, channels, rest));
    effort.spent += values.length * query.length;
    return searchNearest(query, values, envelopes, channels, reach, bounds, effort);
  };
}

function euclideanSearch({ values }: ComparableSeries, effort: Effort) {
  return (query: Float64Array) => {
    let best = { index: -1, distance: Infinity };
    values.forEach((candidate, index) => {
      const distance = squaredDistance(query, candidate);
      if (distance < best.distance) best = { index, distance };
    });
    effort.spent += values.length * query.length;
    return effort.spent > effort.budget ? undefined : best;
  };
}

/** Summed over points known on both sides, times all points over those; `Infinity` without any. */
function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    if (Number.isNaN(difference)) continue;
    sum += difference * difference;
    count += 1;
  }
  return count === 0 ? Infinity : sum * (a.length / count);
}
