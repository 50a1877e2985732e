import { stat } from 'node:fs/promises';
import { didYouMean, PatchBertError } from '@patchbert/errors';
import type { DataPlaces, DataRequest } from './data-request.ts';
import { isDatasetName, seriesNames } from './known-names.ts';
import { openDataset } from './open-dataset.ts';
import { openFile } from './open-file.ts';
import type { OpenedData } from './opened-data.ts';
import { withRegularTimes } from './with-regular-times.ts';

/**
 * Opens a file or a data set by name, with the chosen channels.
 *
 * @throws PatchBertError `command-line/data` for a name of nothing; as the reader of the file and `openForecastingDataset`.
 * @example
 * const { frame } = await openData({ source: 'load.csv', channels: ['load'] }, { cacheDirectory: 'cache' });
 */
export async function openData(request: DataRequest, places: DataPlaces): Promise<OpenedData> {
  if (isDatasetName(request.source)) return openDataset(request, places);
  await requireFile(request.source);
  const opened = await openFile(request);
  return request.regularTimes ? withRegularTimes(opened) : opened;
}

/** A plain word that is no file was probably meant as the name of a data set. */
async function requireFile(source: string): Promise<void> {
  const exists = await stat(source).then(
    () => true,
    () => false,
  );
  if (exists || /[\\/.]/.test(source)) return;
  const hint = didYouMean(source, seriesNames()) || ` Known data sets: ${seriesNames().join(', ')}.`;
  throw new PatchBertError(
    'command-line/data',
    `--data ${source}: there is no such file and no data set of that name.${hint}`,
  );
}
