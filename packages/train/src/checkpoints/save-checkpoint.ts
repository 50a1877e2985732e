import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { writeSafetensors } from '@patchbert/safetensors';
import {
  ASIDE_PREFIX,
  messageOf,
  removeFolder,
  sha256,
  syncFolder,
  writeDurably,
} from '../files/durable-write.ts';
import { makeFolder } from '../files/make-folder.ts';
import { notFinite } from '../fit/divergence.ts';
import {
  type Checkpoint,
  checkpointPath,
  factsText,
  MODEL_FILE,
  OPTIMISER_FILE,
  replacedPath,
  STATE_FILE,
} from './checkpoint.ts';

/**
 * Saves a checkpoint as `<checkpoints>/step-00001000/{model.safetensors, optimizer.safetensors, state.json}` and returns
 * that folder. Everything is written to a folder aside, flushed to the disk and renamed, so that the folder is complete
 * whenever it exists under its name. A checkpoint of the same step is replaced: it stays as `step-00001000.replaced`, which
 * loads like any other, until the new one has its name.
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
    sha256: {
      [MODEL_FILE]: sha256(model),
      [OPTIMISER_FILE]: sha256(optimiser),
      facts: sha256(factsText(checkpoint.step, checkpoint.facts)),
    },
    facts: checkpoint.facts,
  };
  let aside: string | undefined;
  try {
    await makeFolder(checkpoints);
    // Not mkdtemp, whose folders nobody else may read; the run folder is this process' alone.
    aside = join(checkpoints, `${ASIDE_PREFIX}save-${process.pid}-${checkpoint.step}`);
    await removeFolder(aside);
    await mkdir(aside);
    await writeDurably(join(aside, MODEL_FILE), model);
    await writeDurably(join(aside, OPTIMISER_FILE), optimiser);
    await writeDurably(join(aside, STATE_FILE), `${JSON.stringify(state, undefined, 2)}\n`);
    await syncFolder(aside);
    await putInPlace(aside, path);
    await syncFolder(checkpoints);
    await removeFolder(replacedPath(path));
  } catch (error) {
    // A folder that cannot be written to cannot be tidied either; what matters is the first error.
    if (aside !== undefined) await removeFolder(aside).catch(() => {});
    throw new PatchBertError(
      'train/checkpoint-not-saved',
      `saveCheckpoint: the checkpoint of step ${checkpoint.step} could not be written to "${checkpoints}": ` +
        `${messageOf(error)}. Earlier checkpoints are intact; make room or allow ` +
        'writing, then resume.',
      { cause: error },
    );
  }
  return path;
}

/** Gives a finished folder its name. The one that has it steps back first, and gets it again if that fails. */
async function putInPlace(aside: string, path: string): Promise<void> {
  if (!(await exists(path))) return rename(aside, path);
  const replaced = replacedPath(path);
  await removeFolder(replaced);
  await rename(path, replaced);
  try {
    await rename(aside, path);
  } catch (error) {
    await rename(replaced, path);
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function requireFinite({ step, parameters, optimiser }: Checkpoint): void {
  const what = notFinite({ ...parameters, ...optimiser });
  if (what === undefined) return;
  throw new PatchBertError(
    'train/diverged',
    `saveCheckpoint: ${what} after step ${step}; nothing was saved. Lower the learning rate or clip gradients, and resume from the ` +
      'last checkpoint.',
  );
}
