import { PatchBertError } from '@patchbert/errors';

/** 13 penalties from 1e-2 to 1e4, half a decade apart. */
export const defaultPenalties: readonly number[] = Array.from({ length: 13 }, (_, i) => 10 ** (i / 2 - 2));

/** Throws `probe/bad-option` unless there is a penalty and every one is a finite number above 0. */
export function checkPenalties(where: string, penalties: readonly number[]): void {
  if (penalties.length === 0 || !penalties.every((penalty) => penalty > 0 && penalty < Infinity)) {
    throw new PatchBertError(
      'probe/bad-option',
      `${where}: the penalties are [${penalties}]; expected at least one number above 0, such as [0.01, 1, 100].`,
    );
  }
}
