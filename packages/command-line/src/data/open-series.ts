import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import { findDataset, openClassificationDataset } from '@patchbert/datasets';
import { PatchBertError } from '@patchbert/errors';
import { defined } from '../settings/defined.ts';
import type { DataPlaces } from './data-request.ts';
import { seriesNames } from './known-names.ts';
import { openSeriesFiles } from './open-series-files.ts';
import { type OpenedSeries, taskOf } from './opened-series.ts';
import { refuseTableFlags, withFlagNames } from './series-flag-errors.ts';
import type { SeriesRequest } from './series-request.ts';

/** Where data sets known by name are. */
type SeriesPlaces = Pick<DataPlaces, 'dataDirectory'>;

/**
 * Opens whole series: a data set by name (or by the path of its folder), a pair of files, or one file.
 *
 * @throws PatchBertError `command-line/data` for a request of nothing or of two things, or a name of one long recording;
 * as `openClassificationDataset` and `readSeriesSet`, with the flags named that mend it.
 * @example
 * const { train, test } = await openSeries({ source: 'JapaneseVowels' });
 */
export async function openSeries(request: SeriesRequest, places: SeriesPlaces = {}): Promise<OpenedSeries> {
  const { source, train, test } = request;
  if (source === undefined && train === undefined) throw fail('give --data or --train.');
  if (source !== undefined && (train !== undefined || test !== undefined)) {
    throw fail('--data does not go with --train and --test; leave one of them out.');
  }
  return withFlagNames(async () => {
    if (train !== undefined) return openSeriesFiles(request, train, test);
    return openSource(request, source!, places);
  });
}

async function openSource(
  request: SeriesRequest,
  source: string,
  places: SeriesPlaces,
): Promise<OpenedSeries> {
  const found = await stat(source).catch(() => undefined);
  const isPath = /[\\/]/.test(source);
  if (found?.isDirectory() && isPath) {
    const path = resolve(source);
    return openNamed(request, basename(path), { dataDirectory: dirname(path) });
  }
  if (found?.isFile() || isPath || source.includes('.')) return openSeriesFiles(request, source);
  return openNamed(request, source, places);
}

async function openNamed(request: SeriesRequest, name: string, places: SeriesPlaces): Promise<OpenedSeries> {
  refuseRecording(name);
  refuseTableFlags(request, name);
  const { target } = request;
  const opened = await openClassificationDataset(name, {
    ...defined({ dataDirectory: places.dataDirectory, target }),
  });
  const [train, test] =
    target === 'none' ? [opened.train, opened.test].map(unlabelled) : [opened.train, opened.test];
  return {
    title: opened.name,
    train: train!,
    test: test!,
    ...taskOf(train!),
    files: opened.files.map(({ name: file, sha256 }) => ({ path: file, sha256 })),
    ...defined({ licence: opened.licence, citation: opened.citation }),
  };
}

/** The set that comes with the package has its labels whether they are asked for or not. */
function unlabelled({ name, channels, series, origin }: SeriesSet): SeriesSet {
  return createSeriesSet({ name, channels, series, ...(origin && { origin }) });
}

function refuseRecording(name: string): void {
  if (!seriesNames().includes(name)) return;
  throw fail(
    `--data ${findDataset(name).name} is one long recording; expected a set of whole series: a file or a name such as JapaneseVowels.`,
  );
}

function fail(problem: string): PatchBertError {
  return new PatchBertError('command-line/data', `openSeries: ${problem}`);
}
