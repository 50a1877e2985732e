import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import type { SeriesSet } from './series-set.ts';

/**
 * The series at `indices`, in this order, with their labels, targets and lines; values are shared, not copied. An index
 * may come more than once.
 *
 * @throws PatchBertError `data/bad-series-set` for no index, or one that is not in the set.
 * @example
 * const half = selectSeries(set, set.series.flatMap((_, index) => (index % 2 === 0 ? [index] : [])));
 */
export function selectSeries(set: SeriesSet, indices: ArrayLike<number>): SeriesSet {
  const chosen = Array.from(indices);
  const wrong = chosen.find((index) => set.series[index] === undefined);
  if (chosen.length === 0 || wrong !== undefined) {
    const problem =
      wrong === undefined ? 'no index was given' : `there is no series ${wrong}, counted from 0`;
    throw new PatchBertError(
      'data/bad-series-set',
      `selectSeries: ${problem}; ${showText(set.name)} has ${set.series.length} series.`,
    );
  }
  const { labels, targets, origin } = set;
  return Object.freeze({
    ...set,
    series: Object.freeze(chosen.map((index) => set.series[index]!)),
    ...(labels && { labels: Object.freeze(chosen.map((index) => labels[index]!)) }),
    ...(targets && { targets: Float64Array.from(chosen, (index) => targets[index]!) }),
    ...(origin && {
      origin: Object.freeze({
        file: origin.file,
        lines: Object.freeze(chosen.map((index) => origin.lines[index]!)),
      }),
    }),
  });
}
