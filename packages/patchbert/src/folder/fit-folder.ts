import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunFolder } from '@patchbert/train';

/** Where a fit writes. */
export interface FitFolder {
  readonly model: string;
  /** For the pretraining that comes first, if any. */
  readonly pretraining: string;
  /** Removes what is temporary. */
  remove(): Promise<void>;
}

/**
 * The folder that was asked for, with its pretraining beside it, or a temporary one for both.
 *
 * @throws PatchBertError `train/run-folder-not-empty`, `train/run-folder-not-created`.
 */
export async function fitFolder(folder: string | undefined): Promise<FitFolder> {
  if (folder !== undefined) {
    // Known before the encoder is pretrained: the fit itself creates it again.
    const { removeIfEmpty } = await createRunFolder(folder);
    await removeIfEmpty();
    return { model: folder, pretraining: `${folder}-pretraining`, remove: async () => {} };
  }
  const temporary = await mkdtemp(join(tmpdir(), 'patchbert-'));
  return {
    model: join(temporary, 'model'),
    pretraining: join(temporary, 'pretraining'),
    remove: () => rm(temporary, { recursive: true, force: true }),
  };
}
