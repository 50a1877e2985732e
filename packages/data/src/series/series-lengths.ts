import type { SeriesSet } from './series-set.ts';

/**
 * Points of the longest series.
 *
 * @example
 * const length = longestSeries(train); // 29 of Japanese Vowels
 */
export function longestSeries({ series }: SeriesSet): number {
  return series.reduce((longest, { values }) => Math.max(longest, values[0]!.length), 0);
}

/**
 * Points of the shortest series.
 *
 * @example
 * const isEven = shortestSeries(train) === longestSeries(train);
 */
export function shortestSeries({ series }: SeriesSet): number {
  return series.reduce(
    (shortest, { values }) => Math.min(shortest, values[0]!.length),
    Number.POSITIVE_INFINITY,
  );
}
