import {
  hashFile,
  readCsv,
  readLongCsv,
  readLongParquet,
  readParquet,
  readTsf,
  selectChannels,
  whileUnchanged,
} from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { defined } from '../settings/defined.ts';
import type { DataRequest } from './data-request.ts';
import type { OpenedData } from './opened-data.ts';
import { refuseOptions } from './refuse-options.ts';

/** Opens a file by what its name ends in: `.parquet`, `.pq` or `.tsf`; anything else is taken for CSV. */
export async function openFile(request: DataRequest): Promise<OpenedData> {
  const { source } = request;
  const [{ frame, ...facts }, sha256] = await whileUnchanged('openData', source, async () => [
    await readTable(request),
    await hashFile(source),
  ]);
  return {
    title: frame.name,
    frame,
    ...facts,
    files: [{ path: source, sha256 }],
  };
}

/** A frame, with segments when it holds several series. */
type Table = Pick<OpenedData, 'frame' | 'segments' | 'horizons'>;

function readTable(request: DataRequest): Promise<Table> {
  if (request.idColumn !== undefined && request.timeOrder === 'any') {
    throw new PatchBertError(
      'command-line/data',
      '--time-order any does not go with --id-column: rows of a series are sorted by their time stamps; leave one of them out.',
    );
  }
  if (/\.tsf$/i.test(request.source)) return openTsf(request);
  return /\.(parquet|pq)$/i.test(request.source) ? openParquet(request) : openCsv(request);
}

async function openCsv(request: DataRequest): Promise<Table> {
  const { source, idColumn, timeColumn, timeOrder, delimiter, header, channels, missing } = request;
  const options = {
    ...defined({ timeColumn, delimiter, header }),
    ...(channels && { channels: [...channels] }),
    ...(missing && { missing: [...missing] }),
  };
  if (idColumn !== undefined) return readLongCsv(source, { ...options, idColumn });
  return { frame: await readCsv(source, { ...options, ...defined({ timeOrder }) }) };
}

async function openParquet(request: DataRequest): Promise<Table> {
  refuseOptions(request, ['delimiter', 'header', 'missing'], 'a Parquet file says itself how it is read');
  const { source, idColumn, timeColumn, timeOrder, channels } = request;
  const options = { ...defined({ timeColumn }), ...(channels && { channels: [...channels] }) };
  if (idColumn !== undefined) return readLongParquet(source, { ...options, idColumn });
  return { frame: await readParquet(source, { ...options, ...defined({ timeOrder }) }) };
}

async function openTsf(request: DataRequest): Promise<Table> {
  const given = ['timeColumn', 'delimiter', 'header', 'timeOrder', 'missing', 'idColumn'] as const;
  refuseOptions(request, given, 'a .tsf file says itself how it is read');
  const { panel, horizon } = await readTsf(request.source);
  const { frame, segments } = panel;
  return {
    frame: request.channels ? selectChannels(frame, request.channels) : frame,
    segments,
    ...(horizon !== undefined && { horizons: [horizon] }),
  };
}
