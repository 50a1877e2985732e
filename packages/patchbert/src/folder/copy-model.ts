import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { createRunFolder, readInside, replaceFile, sha256 } from '@patchbert/train';

/** Files of a model in its folder. */
export interface ModelFiles {
  /** Describes the model and names the hashes of `tensors`. */
  readonly description: 'forecaster.json' | 'classifier.json';
  readonly tensors: readonly { readonly file: string; readonly sha256: string }[];
}

/** What a fit leaves besides the model itself; a folder may lack some. */
const records = [
  'receipt.json',
  'evaluation.json',
  'predictions.json',
  'gallery.json',
  'training.json',
  'environment.json',
];

/**
 * Copies a model to a new or empty folder. Every file is written aside, flushed to the disk and renamed; its description comes
 * last, so that half a copy never loads.
 *
 * @throws PatchBertError `train/run-folder-not-empty`, `train/run-folder-not-created`, `patchbert/changed-folder` when the
 * files are no longer those that were loaded, `train/unsafe-file` for a link that leads out of the folder.
 */
export async function copyModel(
  from: string,
  to: string,
  { description, tensors }: ModelFiles,
): Promise<void> {
  const { removeIfEmpty } = await createRunFolder(to, { checkpoints: false });
  try {
    for (const { file, sha256: expected } of tensors) {
      const bytes = await readOne(from, file);
      if (bytes === undefined || sha256(bytes) !== expected) throw changed(from, file);
      await replaceFile(join(to, file), bytes);
    }
    for (const name of records) {
      const bytes = await readOne(from, name);
      if (bytes) await replaceFile(join(to, name), bytes);
    }
    const bytes = await readOne(from, description);
    if (bytes === undefined) throw changed(from, description);
    await replaceFile(join(to, description), bytes);
  } finally {
    await removeIfEmpty();
  }
}

async function readOne(folder: string, name: string): Promise<Uint8Array | undefined> {
  try {
    return await readInside(folder, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function changed(folder: string, name: string): PatchBertError {
  return new PatchBertError(
    'patchbert/changed-folder',
    `save: "${join(folder, name)}" is gone or is not the file that was loaded; load it again from a complete folder.`,
  );
}
