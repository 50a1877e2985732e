import { PatchBertError } from '@patchbert/errors';

/** Learning rate by update index, from 0: update 0 is step 1. Pure, float64. */
export type Schedule = (update: number) => number;

/** The same rate for ever. */
export function constant(rate: number): Schedule {
  return () => rate;
}

/** @throws PatchBertError `train/bad-schedule` unless `value` is finite and at least `least`. */
export function requireAtLeast(where: string, name: string, value: number, least: number): void {
  if (!(value >= least && value < Number.POSITIVE_INFINITY)) {
    throw new PatchBertError(
      'train/bad-schedule',
      `${where}: ${name} is ${value}; expected a number >= ${least}.`,
    );
  }
}
