import { homedir } from 'node:os';
import { join } from 'node:path';
import { type DataRequest, type OpenedData, openData } from '@patchbert/command-line';
import { panelOf, type Ratios, type Split, splitSegments } from '@patchbert/data';
import { forecastSplits } from '@patchbert/forecast';

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

/** Splits every recording: by the shares given, else as published, else as `forecastSplits` does. */
export function withSplits(
  { split, ...data }: OpenedData,
  shares: Ratios | undefined,
  horizons: readonly number[],
): SplitData {
  const segments = data.segments ?? panelOf(data.frame).segments;
  if (shares !== undefined) return { ...data, splits: splitSegments(segments, shares) };
  return { ...data, splits: split ? [split] : forecastSplits(segments, horizons) };
}
