import type { Backend } from '@patchbert/backend';
import { type ChosenBackend, defined, openBackend, threadAdvice } from '@patchbert/command-line';
import type { Session } from './session.ts';

/** Opens the backend that was chosen, and disposes of it afterwards. */
export async function withBackend<Result>(
  chosen: ChosenBackend,
  threads: number | undefined,
  { onEvent }: Pick<Session, 'onEvent'>,
  work: (backend: Backend) => Promise<Result>,
): Promise<Result> {
  const message = threadAdvice(threads);
  if (message !== undefined) onEvent({ type: 'warning', message });
  const backend = await openBackend(chosen, defined({ threads }));
  try {
    return await work(backend);
  } finally {
    await backend.dispose();
  }
}
