import { didYouMean, PatchBertError } from '@patchbert/errors';

/**
 * Refuses options that do not exist, of callers without types.
 *
 * @throws PatchBertError `config/invalid` with what may have been meant.
 */
export function requireKnownOptions(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known) || ` Known options: ${known.join(', ')}.`;
  throw new PatchBertError('config/invalid', `fit: unknown option "${unknown}".${hint}`);
}
