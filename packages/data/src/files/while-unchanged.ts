import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { fileError, notAFile } from './file-error.ts';

/**
 * Does `work`, which reads a file, and refuses its result when the file was written, replaced or removed meanwhile: half of
 * an old file and half of a new one look like data.
 *
 * @param where the function that messages name.
 * @throws PatchBertError `data/file-changed`; `data/missing-file`, `data/not-a-file`, `data/unreadable-file`; as `work`.
 * @example
 * const [frame, sha256] = await whileUnchanged('load', path, async () => [await readCsv(path), await hashFile(path)]);
 */
export async function whileUnchanged<T>(where: string, path: string, work: () => Promise<T>): Promise<T> {
  // Without a file, the work says what is missing in words of its own.
  const before = await stat(path).catch(() => undefined);
  if (before?.isDirectory()) throw notAFile(where, path);
  const result = await work();
  const after = await fileStatus(where, path);
  const isSame = after.size === before?.size && after.mtimeMs === before.mtimeMs && after.ino === before.ino;
  if (!isSame) {
    throw new PatchBertError(
      'data/file-changed',
      `${where}: ${JSON.stringify(basename(path))} changed while it was read; read it again when it is complete.`,
    );
  }
  return result;
}

async function fileStatus(where: string, path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw fileError(where, path, error);
  }
}
