import { type BackendAdapter, defineBackend } from '@patchbert/backend';
import { descriptions, type OnnxBackendName } from './descriptions.ts';

/**
 * The adapter of a backend that is of the other world: it says where it runs, so that a name stands for the same thing in Node
 * and in a page.
 */
export function elsewhere(name: OnnxBackendName, reason: string): BackendAdapter {
  return defineBackend({
    name,
    description: descriptions[name],
    isAvailable: async () => ({ available: false, reason }),
    start: () => Promise.reject(new Error(reason)),
  });
}
