import { selectChannels } from '@patchbert/data';
import { findDataset, openForecastingDataset } from '@patchbert/datasets';
import { PatchBertError } from '@patchbert/errors';
import { defined } from '../settings/defined.ts';
import type { DataPlaces, DataRequest } from './data-request.ts';
import { seriesNames } from './known-names.ts';
import type { OpenedData } from './opened-data.ts';
import { readingOptions, refuseOptions } from './refuse-options.ts';

/** Opens a data set known by name. */
export async function openDataset(request: DataRequest, places: DataPlaces): Promise<OpenedData> {
  const known = findDataset(request.source);
  if (known.task !== 'forecasting') {
    throw new PatchBertError(
      'command-line/data',
      `--data ${known.name} is a set of labelled series (${known.archive}); expected one long series: a CSV file or one of ${seriesNames().join(', ')}.`,
    );
  }
  refuseOptions(request, readingOptions, `the data set ${known.name} is read as it is`);
  const { cacheDirectory, dataDirectory, download } = places;
  const opened = await openForecastingDataset(request.source, {
    cacheDirectory,
    ...defined({ download, dataDirectory }),
  });
  const { frame, split, source, dataset } = opened;
  return {
    title: source.title,
    frame: request.channels ? selectChannels(frame, request.channels) : frame,
    split,
    files: source.files.map(({ name, sha256 }) => ({ path: name, sha256 })),
    licence: source.licence,
    citation: source.citation,
    horizons: dataset.horizons,
    ...defined({ units: dataset.units }),
  };
}
