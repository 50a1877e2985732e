import { PatchBertError } from '@patchbert/errors';

export function interrupted(): PatchBertError {
  return new PatchBertError('classify/interrupted', 'the fit was interrupted; nothing was saved.');
}
