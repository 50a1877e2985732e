import type { SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';

/**
 * Whole series as they are.
 *
 * @throws PatchBertError `patchbert/bad-data` for something else, as callers without types may pass.
 */
export function givenSeries(where: string, data: SeriesSet): SeriesSet {
  if (Array.isArray((data as SeriesSet | undefined)?.series)) return data;
  throw new PatchBertError(
    'patchbert/bad-data',
    `${where}: expected a set of whole series, as of readSeriesSet or createSeriesSet.`,
  );
}
