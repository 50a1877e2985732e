import { didYouMean, PatchBertError } from '@patchbert/errors';
import type { Backend, BackendAdapter, BackendOptions } from './contract.ts';

/**
 * The adapter of the given name among those an application offers. There is no global registry: an application lists the
 * adapters it ships, and a custom backend is one more element of that list.
 *
 * @throws PatchBertError `backend/unknown` that lists the known names.
 * @example
 * const adapter = findAdapter([onnxCpu, tfjsCpu, mine], 'onnx-cpu');
 */
export function findAdapter(adapters: readonly BackendAdapter[], name: string): BackendAdapter {
  const adapter = adapters.find((candidate) => candidate.name === name);
  if (adapter !== undefined) return adapter;
  const known = adapters.map((candidate) => candidate.name);
  throw new PatchBertError(
    'backend/unknown',
    `unknown backend "${name}".${didYouMean(name, known)} Known backends: ${known.join(', ')}.`,
  );
}

/**
 * Starts the backend of the given name. Nothing is swapped silently: a backend that cannot run here is an error.
 *
 * @throws PatchBertError `backend/unknown`, or `backend/unavailable` with the reason.
 */
export async function startBackend(
  adapters: readonly BackendAdapter[],
  name: string,
  options?: BackendOptions,
): Promise<Backend> {
  const adapter = findAdapter(adapters, name);
  const availability = await adapter.isAvailable();
  if (!availability.available) {
    throw new PatchBertError(
      'backend/unavailable',
      `backend "${name}" cannot run here: ${availability.reason}`,
    );
  }
  return adapter.create(options);
}
