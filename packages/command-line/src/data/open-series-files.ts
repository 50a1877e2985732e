import { basename } from 'node:path';
import { createSeriesSet, hashFile, readSeriesSet, type SeriesSet, whileUnchanged } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { defined } from '../settings/defined.ts';
import { type OpenedSeries, taskOf } from './opened-series.ts';
import type { SeriesRequest } from './series-request.ts';

/** Opens a file of series, or a pair of them whose channels are brought into the order of the first. */
export async function openSeriesFiles(
  request: SeriesRequest,
  trainFile: string,
  testFile?: string,
): Promise<OpenedSeries> {
  const paths = [trainFile, ...(testFile === undefined ? [] : [testFile])];
  const read: { readonly set: SeriesSet; readonly sha256: string }[] = [];
  for (const path of paths) {
    read.push(
      await whileUnchanged('openSeries', path, async () => ({
        set: await readFile(request, path),
        sha256: await hashFile(path),
      })),
    );
  }
  const [train, test] = [read[0]!.set, read[1]?.set];
  return {
    title: basename(trainFile),
    train,
    ...(test && { test: withChannelsOf(train, test, paths) }),
    ...taskOf(train),
    files: paths.map((path, index) => ({ path, sha256: read[index]!.sha256 })),
  };
}

function readFile(request: SeriesRequest, path: string): Promise<SeriesSet> {
  const { format, target, idColumn, labelColumn, targetColumn, timeColumn, delimiter } = request;
  const { valueColumns, missing } = request;
  return readSeriesSet(path, {
    ...defined({ format, target, idColumn, labelColumn, targetColumn, timeColumn, delimiter }),
    ...(valueColumns && { valueColumns: [...valueColumns] }),
    ...(missing && { missing: [...missing] }),
  });
}

function withChannelsOf(train: SeriesSet, test: SeriesSet, paths: readonly string[]): SeriesSet {
  const order = train.channels.map((name) => test.channels.indexOf(name));
  if (order.includes(-1) || order.length !== test.channels.length) {
    const [first, second] = [describe(train), describe(test)];
    throw new PatchBertError(
      'command-line/data',
      `openSeries: "${paths[0]}" has ${first}, "${paths[1]}" has ${second}; expected the same channels.`,
    );
  }
  if (order.every((place, channel) => place === channel)) return test;
  return createSeriesSet({
    ...test,
    channels: train.channels,
    series: test.series.map(({ id, values }) => ({ id, values: order.map((place) => values[place]!) })),
  });
}

function describe({ channels }: SeriesSet): string {
  const shown = channels.slice(0, 3).join(', ');
  const more = channels.length > 3 ? ', ...' : '';
  return `${channels.length} ${channels.length === 1 ? 'channel' : 'channels'} (${shown}${more})`;
}
