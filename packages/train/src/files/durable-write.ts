import { createHash } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';

/** Files and folders that are not finished begin with this; they are never read. */
export const ASIDE_PREFIX = '.tmp-';

/** Writes a new file and waits until it is on the disk. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames and new names in a folder survive a power cut. Windows cannot open folders and does not need it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Replaces a file as a whole: readers see the old or the new content, never a part.
 *
 * @throws PatchBertError `train/file-not-written` when the system refuses; the old content is still there.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const aside = join(dirname(path), `${ASIDE_PREFIX}${process.pid}-${sha256(path).slice(0, 12)}`);
  try {
    await rm(aside, { force: true });
    await writeDurably(aside, content);
    await rename(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw fileNotWritten('replaceFile', path, error);
  }
}

/** The error of a file that the system would not take; `error` says why. */
export function fileNotWritten(from: string, path: string, error: unknown): PatchBertError {
  return new PatchBertError(
    'train/file-not-written',
    `${from}: "${path}" could not be written: ${messageOf(error)}. Make room or allow writing, then try again.`,
    { cause: error },
  );
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Removes a folder, or nothing when it is not there. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Removes what unfinished writes left in a folder. Only for the one process that writes to it. */
export async function removeAside(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (name.startsWith(ASIDE_PREFIX)) await removeFolder(join(folder, name));
  }
}

/** Names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
