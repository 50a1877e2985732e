import { PatchBertError } from '@patchbert/errors';
import { messageOf, removeFolder } from '../files/durable-write.ts';
import { checkpointPath } from './checkpoint.ts';
import { checkpointSteps, loadIfWhole } from './load-checkpoint.ts';

export interface RetentionOptions {
  /** The step that was just saved. Folders of later steps, passed over as damaged when resuming, are left alone. */
  readonly step: number;
  /** Newest whole checkpoints to keep, at least 1. */
  readonly newest: number;
  /** A step to keep whatever its age, such as the best by validation. */
  readonly best?: number | undefined;
}

/**
 * Removes checkpoints that are neither the best nor as new as the newest whole ones up to `step`. A damaged one does not count, nor
 * one that an interruption left: they take no other's place. Call it after a save that succeeded.
 *
 * @throws PatchBertError `train/checkpoint-not-removed` when the system refuses; what was to be kept is intact.
 */
export async function retainCheckpoints(checkpoints: string, options: RetentionOptions): Promise<void> {
  const newest = Math.max(1, options.newest);
  const steps = (await checkpointSteps(checkpoints)).filter((step) => step <= options.step).reverse();
  // Where nothing can go, nothing needs to be read.
  if (steps.slice(newest).every((step) => step === options.best)) return;
  let whole = 0;
  for (const step of steps) {
    const path = checkpointPath(checkpoints, step);
    if (whole >= newest) {
      if (step !== options.best) await remove(path);
    } else if (await counts(path)) whole++;
  }
}

/** Whether it is whole, and one of those that the run would have without interruptions too. */
async function counts(path: string): Promise<boolean> {
  const checkpoint = await loadIfWhole(path);
  return checkpoint !== undefined && checkpoint.facts.unplanned !== true;
}

async function remove(path: string): Promise<void> {
  try {
    // A half-removed one does not load: its files are those its hashes name, or none. Nothing is moved, for not everything can be: a
    // folder on the lower layer of a container's file system cannot.
    await removeFolder(path);
  } catch (error) {
    throw new PatchBertError(
      'train/checkpoint-not-removed',
      `retainCheckpoints: the old checkpoint "${path}" could not be removed: ${messageOf(error)}. Newer ones are intact; allow ` +
        'removing, then resume.',
      { cause: error },
    );
  }
}
