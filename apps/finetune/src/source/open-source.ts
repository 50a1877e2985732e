import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  type DataRequest,
  isDatasetName,
  type OpenedData,
  openData,
  withRegularTimes,
} from '@patchbert/command-line';
import { panelOf, type Ratios, type Split } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { givenSplits } from '@patchbert/forecast';

/** Opened data with the train, validation and test rows of every recording. */
export interface SplitData extends Omit<OpenedData, 'split'> {
  readonly splits: readonly Split[];
}

/**
 * Opens what is asked for; data sets are fetched once and kept in the user's cache. In files, gaps in time become rows of
 * missing values unless `regularTimes` is false or `timeOrder` takes any order.
 */
export async function openSource(
  request: DataRequest,
  dataDirectory: string | undefined,
): Promise<OpenedData> {
  const opened = await openData(request, {
    dataDirectory,
    cacheDirectory: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'patchbert'),
    download: fetch,
  });
  const asTheyStand =
    request.regularTimes !== undefined || request.timeOrder === 'any' || isDatasetName(request.source);
  if (asTheyStand || opened.frame.times === undefined) return opened;
  try {
    return withRegularTimes(opened);
  } catch (error) {
    if (!(error instanceof PatchBertError) || !error.code.startsWith('data/')) throw error;
    throw new PatchBertError(
      error.code,
      `${error.message} Or take the rows as they stand: --no-regular-times.`,
    );
  }
}

/** What to tell of rows that were added; undefined when there are none. */
export function insertedRowsText({ insertedRows = 0 }: OpenedData): string | undefined {
  if (insertedRows === 0) return undefined;
  const rows = insertedRows === 1 ? '1 row was' : `${insertedRows.toLocaleString('en-US')} rows were`;
  return `${rows} absent from the regular times and stand as missing values`;
}

/** Splits every recording: by the shares given, else as published, else as `forecastSplits` does. */
export function withSplits(
  { split, ...data }: OpenedData,
  shares: Ratios | undefined,
  horizons: readonly number[],
): SplitData {
  const segments = data.segments ?? panelOf(data.frame).segments;
  return { ...data, splits: givenSplits(segments, shares ?? split, horizons) };
}
