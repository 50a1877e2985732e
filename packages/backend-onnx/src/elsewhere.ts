import { type BackendAdapter, defineBackend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';

/**
 * The adapter of a backend that is of the other world: it says where it runs, so that a name stands for the same thing in Node
 * and in a page.
 */
export function elsewhere(name: string, description: string, reason: string): BackendAdapter {
  return defineBackend({
    name,
    description,
    isAvailable: async () => ({ available: false, reason }),
    start: () =>
      Promise.reject(
        new PatchBertError('backend/unavailable', `backend "${name}" cannot run here: ${reason}`),
      ),
  });
}
