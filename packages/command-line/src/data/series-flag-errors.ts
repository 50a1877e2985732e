import { PatchBertError } from '@patchbert/errors';
import { flagName } from '../flags/flag-name.ts';
import type { SeriesRequest } from './series-request.ts';

/** Everything of a request that says how to read a file. */
const readingOptions = [
  'format',
  'idColumn',
  'labelColumn',
  'targetColumn',
  'timeColumn',
  'valueColumns',
  'delimiter',
  'missing',
] as const;

/** Refuses options of files where a data set is opened by name. */
export function refuseTableFlags(request: SeriesRequest, name: string): void {
  const given = readingOptions.find((option) => request[option] !== undefined);
  if (given === undefined) return;
  throw new PatchBertError(
    'command-line/data',
    `openSeries: ${flagName(given)} does not apply: the data set ${name} is read as it is; leave it out.`,
  );
}

/** Runs what reads series; errors name flags in place of the options of the readers. */
export async function withFlagNames<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PatchBertError)) throw error;
    throw new PatchBertError(error.code, inFlags(error.message));
  }
}

const columnOptions = 'idColumn|labelColumn|targetColumn|timeColumn|valueColumns';

function inFlags(message: string): string {
  return message
    .replace(/^readSeriesSet options: /, '')
    .replace(/set timeColumn to false/, 'pass --no-time-column')
    .replace(/pass dataDirectory,/, 'pass --data-dir,')
    .replace(/read the file with target "label"/, 'use classify')
    .replace(/naming the others in channels/, 'naming the others in --value-columns')
    .replace(new RegExp(`"?\\b(${columnOptions})\\b"?`, 'g'), (_, option: string) => flagName(option))
    .replace(/\b(set|or) format to "/g, '$1 --format to "');
}
