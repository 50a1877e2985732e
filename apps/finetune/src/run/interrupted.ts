import { PatchBertError } from '@patchbert/errors';

/** What work throws that a signal stopped; its message says what is left of it. */
export function interrupted(message: string): PatchBertError {
  return new PatchBertError('finetune/interrupted', message);
}

const codes = ['finetune/interrupted', 'classify/interrupted'];

/** Whether an error is the answer of some work to the signal that stopped it. */
export function isInterruption(error: unknown): error is PatchBertError {
  return error instanceof PatchBertError && codes.includes(error.code);
}
