import { homedir } from 'node:os';
import { join } from 'node:path';
import { type DataRequest, type OpenedData, openData } from '@patchbert/command-line';

/** Opens what a configuration names; data sets are fetched once and kept in the user's cache. */
export function openSource(data: DataRequest, dataDirectory: string | undefined): Promise<OpenedData> {
  return openData(data, {
    dataDirectory,
    cacheDirectory: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'patchbert'),
    download: fetch,
  });
}
