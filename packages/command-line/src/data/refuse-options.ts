import { PatchBertError } from '@patchbert/errors';
import { flagName } from '../flags/flag-name.ts';
import type { DataRequest } from './data-request.ts';

/** Everything of a request that says how to read a file. */
export const readingOptions = [
  'timeColumn',
  'delimiter',
  'header',
  'timeOrder',
  'missing',
  'idColumn',
  'regularTimes',
] as const;

type ReadingOption = (typeof readingOptions)[number];

/**
 * Refuses options that mean nothing for what is opened.
 *
 * @param why what is opened and what is done with it, such as `a .tsf file says itself how it is read`.
 * @throws PatchBertError `command-line/data`.
 */
export function refuseOptions(request: DataRequest, names: readonly ReadingOption[], why: string): void {
  const given = names.find((name) => request[name] !== undefined && !saysNothing(name, request[name]));
  if (given === undefined) return;
  throw new PatchBertError(
    'command-line/data',
    `${nameOf(given, request[given])} does not apply: ${why}; leave it out.`,
  );
}

/** A file's gaps stay as they are unless asked; saying so asks for nothing. */
function saysNothing(name: ReadingOption, value: unknown): boolean {
  return (name === 'regularTimes' && value === false) || (name === 'header' && value === true);
}

function nameOf(option: ReadingOption, value: unknown): string {
  if (option === 'missing') return 'data.missing';
  const flag = flagName(option);
  return value === false ? flag.replace('--', '--no-') : flag;
}
