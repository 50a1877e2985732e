import { type Backend, findAdapter, startBackend } from '@patchbert/backend';
import { adapters, defaultBackend, defined, threadAdvice } from '@patchbert/command-line';
import type { MachineFlags } from '../flags/machine-flags.ts';
import type { Session } from './session.ts';

/** @throws PatchBertError when there is no backend of that name, before any work is done. */
export function checkBackend({ backend }: Pick<MachineFlags, 'backend'>): void {
  findAdapter(adapters, backend ?? defaultBackend);
}

/** Opens the backend that the flags ask for, and disposes of it afterwards. */
export async function withBackend<Result>(
  { backend: name, threads }: Pick<MachineFlags, 'backend' | 'threads'>,
  { onEvent }: Pick<Session, 'onEvent'>,
  work: (backend: Backend) => Promise<Result>,
): Promise<Result> {
  const message = threadAdvice(threads);
  if (message !== undefined) onEvent({ type: 'warning', message });
  const backend = await startBackend(adapters, name ?? defaultBackend, defined({ threads }));
  try {
    return await work(backend);
  } finally {
    await backend.dispose();
  }
}
