import { homedir } from 'node:os';
import { join } from 'node:path';
import { type DataRequest, type OpenedData, openData } from '@patchbert/command-line';
import { panelOf, type Ratios, type Split, splitSegments } from '@patchbert/data';

/** Opened data with the train, validation and test rows of every recording. */
export interface SplitData extends Omit<OpenedData, 'split'> {
  readonly splits: readonly Split[];
}

/** Opens what is asked for; data sets are fetched once and kept in the user's cache. */
export function openSource(request: DataRequest, dataDirectory: string | undefined): Promise<OpenedData> {
  return openData(request, {
    dataDirectory,
    cacheDirectory: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'patchbert'),
    download: fetch,
  });
}

/** Splits every recording: by the shares given, else as published, else 70 / 10 / 20 % by time. */
export function withSplits({ split, ...data }: OpenedData, shares: Ratios | undefined): SplitData {
  const segments = data.segments ?? panelOf(data.frame).segments;
  const isPublished = split !== undefined && shares === undefined;
  return { ...data, splits: isPublished ? [split] : splitSegments(segments, shares) };
}
