import { PatchBertError } from '@patchbert/errors';

/** What work throws that a signal stopped; its message says what is left of it. */
export function interrupted(message: string): PatchBertError {
  return new PatchBertError('finetune/interrupted', message);
}

/** Whether an error is the answer of some work to the signal that stopped it. */
export function isInterruption(error: unknown): error is PatchBertError {
  return error instanceof PatchBertError && error.code === 'finetune/interrupted';
}
