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
 * What a run carries from checkpoint to checkpoint: its best step, its rollbacks and what was forced.
 *
 * @param before the facts of the checkpoint that training goes on from.
 * @param forced everything that was forced so far, in order: that of the checkpoint the run was opened with, then what is forced now.
 * The checkpoint may be older than some of it, after a rollback: then it holds from the first step that is computed again.
 * @param nextStep the step after the checkpoint.
 */
export function historyFacts(
  before: CheckpointFacts | undefined,
  forced: readonly ForcedResume[],
  nextStep: number,
): Pick<CheckpointFacts, 'best' | 'rollbacks' | 'forced'> {
  const { best, rollbacks, forced: known = [] } = before ?? {};
  const later = forced
    .slice(known.length)
    .map((one) => ({ ...one, fromStep: Math.min(one.fromStep, nextStep) }));
  const every = [...known, ...later];
  return {
    ...(best && { best }),
    ...(rollbacks && { rollbacks }),
    ...(every.length > 0 && { forced: every }),
  };
}
