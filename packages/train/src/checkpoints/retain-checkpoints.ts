import { checkpointPath } from './checkpoint.ts';
import { checkpointSteps } from './load-checkpoint.ts';
import { removeCheckpoint } from './save-checkpoint.ts';

export interface RetentionOptions {
  /** The step that was just saved. Folders of later steps, passed over as damaged when resuming, are left alone. */
  readonly step: number;
  /** Newest checkpoints to keep, at least 1. */
  readonly newest: number;
  /** A step to keep whatever its age, such as the best by validation. */
  readonly best?: number | undefined;
}

/** Removes checkpoints up to `step` that are neither among the newest nor the best. Call it after a save that succeeded. */
export async function retainCheckpoints(checkpoints: string, options: RetentionOptions): Promise<void> {
  const steps = (await checkpointSteps(checkpoints)).filter((step) => step <= options.step);
  for (const step of steps.slice(0, -Math.max(1, options.newest))) {
    if (step !== options.best) await removeCheckpoint(checkpoints, checkpointPath(checkpoints, step));
  }
}
