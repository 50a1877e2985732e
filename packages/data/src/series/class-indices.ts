import { didYouMean, PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { listNames } from '../frame/select-channels.ts';
import { labelsOf } from './classes-of.ts';
import { seriesPlace } from './series-place.ts';
import type { SeriesSet } from './series-set.ts';

/**
 * `[series]`: the index in `classes` of each label.
 *
 * @throws PatchBertError `data/no-labels`; `data/unknown-label` with the place, the label and the classes.
 * @example
 * const indices = classIndices(test, classesOf(train));
 */
export function classIndices(set: SeriesSet, classes: readonly string[]): Int32Array {
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return Int32Array.from(labelsOf('classIndices', set), (label, index) => {
    const found = indexOf.get(label);
    if (found !== undefined) return found;
    throw new PatchBertError(
      'data/unknown-label',
      `classIndices: ${seriesPlace(set, index)} has the label ${showText(label)}; known are ${listNames(classes)}.${didYouMean(label.slice(0, 200), classes)}`,
    );
  });
}
