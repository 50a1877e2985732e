import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { writeSafetensors } from '@patchbert/safetensors';
import { sha256, syncFolder, writeDurably } from '../files/durable-write.ts';
import { makeFolder } from '../files/make-folder.ts';
import {
  ASIDE_PREFIX,
  type Checkpoint,
  checkpointPath,
  MODEL_FILE,
  OPTIMISER_FILE,
  STATE_FILE,
} from './checkpoint.ts';

/**
 * Saves a checkpoint as `<checkpoints>/step-00001000/{model.safetensors, optimizer.safetensors, state.json}` and returns
 * that folder. Everything is written to a folder aside, flushed to the disk and renamed, so that the folder is complete
 * whenever it exists under its name; a checkpoint of the same step is replaced.
 *
 * @throws PatchBertError `train/diverged` when a tensor holds NaN or Infinity (nothing is written),
 * `train/checkpoint-not-saved` when the disk refuses; earlier checkpoints are untouched by either.
 */
export async function saveCheckpoint(checkpoints: string, checkpoint: Checkpoint): Promise<string> {
  requireFinite(checkpoint);
  const path = checkpointPath(checkpoints, checkpoint.step);
  const model = writeSafetensors(Object.entries(checkpoint.parameters), {
    format: 'patchbert',
    model: JSON.stringify(checkpoint.facts.model),
  });
  const optimiser = writeSafetensors(Object.entries(checkpoint.optimiser));
  const state = {
    format: 'patchbert-checkpoint',
    version: 1,
    step: checkpoint.step,
    sha256: { [MODEL_FILE]: sha256(model), [OPTIMISER_FILE]: sha256(optimiser) },
    facts: checkpoint.facts,
  };
  let aside: string | undefined;
  try {
    await makeFolder(checkpoints);
    // Not mkdtemp, whose folders nobody else may read; the run folder is this process' alone.
    aside = join(checkpoints, `${ASIDE_PREFIX}save-${process.pid}-${checkpoint.step}`);
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside);
    await writeDurably(join(aside, MODEL_FILE), model);
    await writeDurably(join(aside, OPTIMISER_FILE), optimiser);
    await writeDurably(join(aside, STATE_FILE), `${JSON.stringify(state, undefined, 2)}\n`);
    await syncFolder(aside);
    await moveAside(checkpoints, path);
    await rename(aside, path);
    await syncFolder(checkpoints);
  } catch (error) {
    // A folder that cannot be written to cannot be tidied either; what matters is the first error.
    if (aside !== undefined) await rm(aside, { recursive: true, force: true }).catch(() => {});
    throw new PatchBertError(
      'train/checkpoint-not-saved',
      `saveCheckpoint: the checkpoint of step ${checkpoint.step} could not be written to "${checkpoints}": ` +
        `${error instanceof Error ? error.message : String(error)}. Earlier checkpoints are intact; make room or allow ` +
        'writing, then resume.',
      { cause: error },
    );
  }
  return path;
}

/** Removes a checkpoint so that no half of it is ever seen under its name. */
export async function removeCheckpoint(checkpoints: string, path: string): Promise<void> {
  await moveAside(checkpoints, path);
}

async function moveAside(checkpoints: string, path: string): Promise<void> {
  const aside = await mkdtemp(join(checkpoints, `${ASIDE_PREFIX}old-`));
  try {
    await rename(path, join(aside, 'checkpoint'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function requireFinite({ step, parameters, optimiser }: Checkpoint): void {
  for (const tensors of [parameters, optimiser] satisfies HostTensors[]) {
    for (const [name, { data }] of Object.entries(tensors)) {
      const at = data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) {
        throw new PatchBertError(
          'train/diverged',
          `saveCheckpoint: "${name}" holds ${data[at]} after step ${step}; nothing was saved. Lower the learning rate ` +
            'or clip gradients, and resume from the last checkpoint.',
        );
      }
    }
  }
}
