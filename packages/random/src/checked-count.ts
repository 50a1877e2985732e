import { PatchBertError } from '@patchbert/errors';

/** Returns `count`, or throws `random/bad-count` when it is not a whole number within [minimum, maximum]. */
export function checkedCount(caller: string, count: number, minimum: number, maximum: number): number {
  if (!Number.isSafeInteger(count) || count < minimum || count > maximum) {
    throw new PatchBertError(
      'random/bad-count',
      `${caller}: count ${count} is not usable; expected a whole number from ${minimum} to ${maximum}.`,
    );
  }
  return count;
}
