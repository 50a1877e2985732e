import { longestSeries, shortestSeries } from './series-lengths.ts';
import type { SeriesSet } from './series-set.ts';
import { sortLabels } from './sort-labels.ts';

/** What a set holds, for a report or a person. */
export interface SeriesSetDescription {
  readonly series: number;
  readonly channels: number;
  /** Points of the shortest and of the longest series. */
  readonly shortest: number;
  readonly longest: number;
  /** Missing points, over all channels. */
  readonly missing: number;
  /** Of a labelled set: its classes in the order of `classesOf`, and how many series each has. */
  readonly classes?: readonly { readonly label: string; readonly count: number }[];
  /** Of a set with targets: the smallest and the largest. */
  readonly targetRange?: { readonly minimum: number; readonly maximum: number };
}

/**
 * Counts series, points, missing points and classes.
 *
 * @example
 * const { series, classes } = describeSeriesSet(train);
 */
export function describeSeriesSet(set: SeriesSet): SeriesSetDescription {
  const { series, channels, labels, targets } = set;
  let missing = 0;
  for (const { values } of series) {
    for (const channel of values) for (const value of channel) if (Number.isNaN(value)) missing++;
  }
  return {
    series: series.length,
    channels: channels.length,
    shortest: shortestSeries(set),
    longest: longestSeries(set),
    missing,
    ...(labels && { classes: countLabels(labels) }),
    ...(targets && {
      targetRange: {
        minimum: targets.reduce((least, target) => Math.min(least, target)),
        maximum: targets.reduce((most, target) => Math.max(most, target)),
      },
    }),
  };
}

function countLabels(labels: readonly string[]): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return sortLabels([...counts.keys()]).map((label) => ({ label, count: counts.get(label)! }));
}
