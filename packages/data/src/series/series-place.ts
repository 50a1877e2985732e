import { showText } from '../csv/csv-place.ts';
import type { SeriesSet } from './series-set.ts';

/** Where a series came from, as messages show it: `"vowels.ts" line 12`, or `series "7" of "demo"`. */
export function seriesPlace({ name, origin, series }: SeriesSet, index: number): string {
  if (origin !== undefined) return `${showText(origin.file)} line ${origin.lines[index]}`;
  return `series ${showText(series[index]!.id)} of ${showText(name)}`;
}
