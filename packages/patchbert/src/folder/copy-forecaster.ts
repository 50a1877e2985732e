import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { ForecasterFile } from '@patchbert/forecast';
import { createRunFolder, replaceFile, sha256 } from '@patchbert/train';

/** What a fit leaves besides the forecaster itself; an older one may lack some. */
const records = ['receipt.json', 'evaluation.json', 'gallery.json', 'training.json', 'environment.json'];
const description = 'forecaster.json';

/**
 * Copies a forecaster to a new or empty folder. Every file is written aside, flushed to the disk and renamed;
 * `forecaster.json` comes last, so that half a copy never loads.
 *
 * @throws PatchBertError `train/run-folder-not-empty`, `train/run-folder-not-created`, `patchbert/changed-folder` when the
 * files are no longer those that were loaded.
 */
export async function copyForecaster(from: string, to: string, { horizons }: ForecasterFile): Promise<void> {
  const { removeIfEmpty } = await createRunFolder(to, { checkpoints: false });
  try {
    for (const { file, sha256: expected } of horizons) {
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
    return await readFile(join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function changed(folder: string, name: string): PatchBertError {
  return new PatchBertError(
    'patchbert/changed-folder',
    `save: "${join(folder, name)}" is gone or is not the file that was loaded; load the forecaster again from a complete folder.`,
  );
}
