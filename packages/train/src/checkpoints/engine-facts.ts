import type { Backend } from '@patchbert/backend';
import { packageVersion } from '../run-folder/environment.ts';
import type { CheckpointFacts } from './checkpoint.ts';
import type { ForcedResume } from './run-history.ts';

/** Whether a backend continues a checkpoint to the bits of a run that never stopped: the same engine on the same device. */
export function isSameEngine(before: Pick<CheckpointFacts, 'backend' | 'engine'>, backend: Backend): boolean {
  return before.backend === backend.name && before.engine === backend.capabilities.engine;
}

/**
 * What a checkpoint says of the code and the engines behind it: the present ones, and whether there was another engine before.
 * That sticks: the run's command does not give its bits again.
 */
export function engineFacts(
  backend: Backend,
  before: CheckpointFacts | undefined,
): Pick<CheckpointFacts, 'backend' | 'engine' | 'mixedEngines' | 'patchbert'> {
  const isMixed = before !== undefined && (before.mixedEngines === true || !isSameEngine(before, backend));
  return {
    backend: backend.name,
    engine: backend.capabilities.engine,
    patchbert: packageVersion(),
    ...(isMixed && { mixedEngines: true }),
  };
}

/**
 * What a run carries from checkpoint to checkpoint: its best step, its rollbacks and what was forced. What is forced now comes
 * last, unless the run went back to before it.
 */
export function historyFacts(
  before: CheckpointFacts | undefined,
  forced: ForcedResume | undefined,
): Pick<CheckpointFacts, 'best' | 'rollbacks' | 'forced'> {
  const { best, rollbacks } = before ?? {};
  const isKnown = before?.forced?.some(({ fromStep }) => fromStep === forced?.fromStep) ?? false;
  const every = [...(before?.forced ?? []), ...(forced && !isKnown ? [forced] : [])];
  return {
    ...(best && { best }),
    ...(rollbacks && { rollbacks }),
    ...(every.length > 0 && { forced: every }),
  };
}
