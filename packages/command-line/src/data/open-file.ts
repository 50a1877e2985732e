import { type CsvOptions, type Frame, hashFile, readCsv, readLongCsv, type Segment } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { defined } from '../settings/defined.ts';
import type { DataRequest } from './data-request.ts';
import type { OpenedData } from './opened-data.ts';

/** Opens a file by what its name ends in; anything unknown is taken for CSV. */
export async function openFile(request: DataRequest): Promise<OpenedData> {
  const { frame, segments } = await readTable(request);
  return {
    title: frame.name,
    frame,
    ...(segments && { segments }),
    files: [{ path: request.source, sha256: await hashFile(request.source) }],
  };
}

/** A frame, with segments when a column says which series a row belongs to. */
interface Table {
  readonly frame: Frame;
  readonly segments?: readonly Segment[];
}

async function readTable(request: DataRequest): Promise<Table> {
  const { source, idColumn, timeOrder } = request;
  if (idColumn === undefined) {
    return { frame: await readCsv(source, { ...csvOptions(request), ...defined({ timeOrder }) }) };
  }
  if (timeOrder === 'any') {
    throw new PatchBertError(
      'command-line/data',
      '--time-order any does not go with --id-column: rows of a series are sorted by their time stamps; leave one of them out.',
    );
  }
  return readLongCsv(source, { ...csvOptions(request), idColumn });
}

function csvOptions({
  channels,
  timeColumn,
  delimiter,
  header,
  missing,
}: DataRequest): Omit<CsvOptions, 'timeOrder'> {
  return {
    ...defined({ timeColumn, delimiter, header }),
    ...(channels && { channels: [...channels] }),
    ...(missing && { missing: [...missing] }),
  };
}
