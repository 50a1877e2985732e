import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { runFolderAt } from '../run-folder/run-folder.ts';
import { type Checkpoint, STATE_FILE } from './checkpoint.ts';
import { latestCheckpoint, loadCheckpoint } from './load-checkpoint.ts';

/** A checkpoint with the folder it lies in. */
export interface OpenedCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
}

/**
 * What to build on: the newest checkpoint of a run, or the one whose folder is named; `undefined` when there is none. A run
 * that goes on may fall back to an older checkpoint, as it ends with the same bits; whoever builds on a run should know, so a newest
 * checkpoint that is damaged is an error, and an older one is used by naming it.
 *
 * @param folder of a run or of one of its checkpoints.
 * @throws PatchBertError `train/bad-checkpoint`.
 * @example
 * const opened = await openCheckpoint('runs/first');
 */
export async function openCheckpoint(folder: string): Promise<OpenedCheckpoint | undefined> {
  const isCheckpoint = await stat(join(folder, STATE_FILE)).then(
    () => true,
    () => false,
  );
  if (isCheckpoint) return { path: folder, checkpoint: await loadCheckpoint(folder) };
  const latest = await latestCheckpoint(runFolderAt(folder).checkpoints);
  if (latest === undefined) return undefined;
  const [damaged] = latest.skipped;
  if (damaged !== undefined) {
    throw new PatchBertError(
      'train/bad-checkpoint',
      `openCheckpoint: the newest checkpoint of "${folder}" is damaged: ${damaged.reason} To use the one before it, name "${latest.path}".`,
    );
  }
  return latest;
}
