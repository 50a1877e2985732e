import { PatchBertError } from '@patchbert/errors';

/** Throws `evaluation/bad-option` unless `value` is a whole number of `least` (default 1) or more. */
export function checkWhole(where: string, name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `${where}: ${name} is ${value}; expected a whole number, ${least} or more.`,
    );
  }
}
