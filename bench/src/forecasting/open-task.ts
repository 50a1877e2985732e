import { homedir } from 'node:os';
import { join } from 'node:path';
import { openForecastingDataset } from '@patchbert/datasets';
import type { ForecastData } from '@patchbert/forecast';

/** A standard data set by name, with its published split. */
export async function openTask(name: string, dataDirectory: string | undefined) {
  const { frame, split, dataset } = await openForecastingDataset(name, {
    ...(dataDirectory !== undefined && { dataDirectory }),
    cacheDirectory: join(homedir(), '.cache', 'patchbert'),
    download: fetch,
  });
  const data: ForecastData = { frame, split };
  return { data, horizons: dataset.horizons };
}
