import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { flagName } from '@patchbert/command-line';
import { PatchBertError } from '@patchbert/errors';

/** What `--model` holds: a model of whole series (a classifier or regressor), else a forecaster, or nothing. */
export async function isSeriesModel(folder: string): Promise<boolean> {
  return access(join(folder, 'classifier.json')).then(
    () => true,
    () => false,
  );
}

/**
 * Refuses flags that mean nothing for a kind of model.
 *
 * @param why what the model is, such as `a forecaster reads long recordings`.
 * @throws PatchBertError `finetune/flag`.
 */
export function refuseFlags<Flags extends object>(
  flags: Flags,
  names: readonly (keyof Flags & string)[],
  why: string,
): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const flag = flags[given] === false ? flagName(given).replace('--', '--no-') : flagName(given);
  throw new PatchBertError('finetune/flag', `${flag} does not apply: ${why}; leave it out.`);
}
