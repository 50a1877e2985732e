import { PatchBertError } from '@patchbert/errors';
import { type Checkpoint, checkpointPath } from '../checkpoints/checkpoint.ts';
import { checkpointSteps, loadIfWhole } from '../checkpoints/load-checkpoint.ts';
import { type Rollback, rateScaleAfter } from '../checkpoints/run-history.ts';
import { removeFolder } from '../files/durable-write.ts';
import { type Divergence, divergenceIn } from './divergence.ts';
import type { DivergencePolicy } from './divergence-policy.ts';

/** Training diverged and goes on from an earlier step, more slowly. */
export interface RollbackEvent extends Rollback {
  readonly type: 'rollback';
  /** Folder of the checkpoint gone back to; absent for the start of the run. */
  readonly checkpoint?: string;
  readonly rollbacksLeft: number;
}

/** Where an attempt starts. */
export interface AttemptStart {
  /** Absent: from the first step. */
  readonly checkpoint: Checkpoint | undefined;
  /** Of the whole run so far, in order. */
  readonly rollbacks: readonly Rollback[];
}

export interface RollbackOptions<Outcome> {
  readonly policy: DivergencePolicy;
  /** The run's folder of checkpoints. */
  readonly checkpoints: string;
  /** What the run was opened with. */
  readonly start: AttemptStart;
  /** Trains from a start; throws `train/diverged`, a `divergedError`. `isAgain` after a rollback. */
  readonly attempt: (start: AttemptStart, isAgain: boolean) => Promise<Outcome>;
  readonly emit: (event: RollbackEvent) => void;
}

/**
 * Trains, and after a divergence goes back to the last checkpoint that an uninterrupted run would have saved too, with a lower
 * learning rate, as often as the policy allows. So a run that was interrupted in between rolls back to the same step.
 *
 * @throws PatchBertError `train/diverged` when the policy is to stop, or when its rollbacks are used up.
 */
export async function trainWithRollbacks<Outcome>(options: RollbackOptions<Outcome>): Promise<Outcome> {
  const { policy, checkpoints, attempt, emit } = options;
  let { start } = options;
  for (let isAgain = false; ; isAgain = true) {
    try {
      return await attempt(start, isAgain);
    } catch (error) {
      const divergence = divergenceIn(error);
      if (divergence === undefined || policy.action === 'stop') throw error;
      const rollbacksLeft = policy.rollbacks - start.rollbacks.length - 1;
      if (rollbacksLeft < 0) throw usedUp(error as PatchBertError, start.rollbacks.length);
      const checkpoint = await lastPlannedCheckpoint(checkpoints, divergence);
      await removeAfter(checkpoints, checkpoint?.step ?? 0);
      const rollback = rollbackTo(checkpoint?.step ?? 0, divergence, policy, start.rollbacks);
      start = { checkpoint, rollbacks: [...start.rollbacks, rollback] };
      const path = checkpoint && { checkpoint: checkpointPath(checkpoints, checkpoint.step) };
      emit({ type: 'rollback', ...rollback, ...path, rollbacksLeft });
    }
  }
}

function rollbackTo(
  toStep: number,
  { step, learningRate, what }: Divergence,
  { rateFactor }: DivergencePolicy,
  before: readonly Rollback[],
): Rollback {
  return { divergedAt: step, learningRate, what, toStep, rateScale: rateScaleAfter(before) * rateFactor };
}

/** The newest good one that was not saved because of an interruption. */
async function lastPlannedCheckpoint(
  checkpoints: string,
  { step: divergedAt }: Divergence,
): Promise<Checkpoint | undefined> {
  const earlier = (await checkpointSteps(checkpoints)).filter((step) => step < divergedAt);
  for (const step of earlier.reverse()) {
    // A damaged one is passed over; the event names the one that was taken.
    const checkpoint = await loadIfWhole(checkpointPath(checkpoints, step));
    if (checkpoint && !checkpoint.facts.unplanned) return checkpoint;
  }
  return undefined;
}

/** Takes away what the steps that are computed again left: nobody shall go on from there, or build on it. */
async function removeAfter(checkpoints: string, step: number): Promise<void> {
  for (const later of (await checkpointSteps(checkpoints)).filter((one) => one > step)) {
    await removeFolder(checkpointPath(checkpoints, later));
  }
}

function usedUp(error: PatchBertError, rollbacks: number): PatchBertError {
  return new PatchBertError(error.code, `${error.message} It was rolled back ${rollbacks} times already.`, {
    cause: error.cause,
  });
}
