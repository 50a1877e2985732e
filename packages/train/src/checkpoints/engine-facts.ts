import type { Backend } from '@patchbert/backend';
import type { CheckpointFacts } from './checkpoint.ts';

/** Whether a backend continues a checkpoint to the bits of a run that never stopped: the same engine on the same device. */
export function isSameEngine(before: Pick<CheckpointFacts, 'backend' | 'engine'>, backend: Backend): boolean {
  return before.backend === backend.name && before.engine === backend.capabilities.engine;
}

/**
 * What a checkpoint says of the engines behind it: the present one, and whether there was another before. That sticks: the run's
 * command does not give its bits again.
 */
export function engineFacts(
  backend: Backend,
  before: CheckpointFacts | undefined,
): Pick<CheckpointFacts, 'backend' | 'engine' | 'mixedEngines'> {
  const isMixed = before !== undefined && (before.mixedEngines === true || !isSameEngine(before, backend));
  return {
    backend: backend.name,
    engine: backend.capabilities.engine,
    ...(isMixed && { mixedEngines: true }),
  };
}
