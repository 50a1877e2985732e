import { PatchBertError } from '@patchbert/errors';

/** Returns `value`, or throws `augment/bad-option` when it is not a number from 0 and below `limit`. */
export function checkedOption(
  caller: string,
  name: string,
  value: number,
  limit = Number.POSITIVE_INFINITY,
): number {
  if (value >= 0 && value < limit) return value;
  const range = limit === Number.POSITIVE_INFINITY ? 'from 0' : `from 0 and below ${limit}`;
  throw new PatchBertError('augment/bad-option', `${caller}: ${name} ${value}; expected a number ${range}.`);
}
