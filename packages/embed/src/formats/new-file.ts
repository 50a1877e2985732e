import { link, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';

/**
 * Checks that a file can be made at `path`, before any work.
 *
 * @throws PatchBertError `embed/output`.
 */
export async function requireNewFile(path: string): Promise<void> {
  if (await exists(path)) throw taken(path);
  await rm(await folderAside(path), { recursive: true });
}

/**
 * Writes a new file piece by piece: aside, waited for until it is on the disk, then moved into place, so that under its name it is
 * whole or not at all. Nothing is left when a piece fails.
 *
 * @throws PatchBertError `embed/output` when the file is there already or cannot be made.
 */
export async function writeNewFile(
  path: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  if (await exists(path)) throw taken(path);
  const aside = await folderAside(path);
  try {
    const whole = join(aside, 'whole');
    const file = await open(whole, 'wx');
    try {
      for await (const piece of pieces) await file.appendFile(piece);
      await file.sync();
    } catch (error) {
      throw isSystemError(error) ? notWritten(path, error) : error;
    } finally {
      await file.close();
    }
    await moveIntoPlace(whole, path);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** A link replaces nothing. Some file systems have none: there a file that appears in this very moment is replaced. */
async function moveIntoPlace(whole: string, path: string): Promise<void> {
  try {
    await link(whole, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await exists(path))) throw taken(path);
    await rename(whole, path);
  }
}

async function folderAside(path: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(path), '.patchbert-'));
  } catch (error) {
    throw notWritten(path, error as NodeJS.ErrnoException);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function taken(path: string): PatchBertError {
  return new PatchBertError(
    'embed/output',
    `"${path}" is there already, and nothing is overwritten; choose another name.`,
  );
}

function notWritten(path: string, error: NodeJS.ErrnoException): PatchBertError {
  const { code } = error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'what should be its folder is a file',
    ENOSPC: 'the disk is full',
  };
  const reason = reasons[code ?? ''] ?? `the system refuses (${code})`;
  return new PatchBertError('embed/output', `"${path}" cannot be written: ${reason}; choose another place.`, {
    cause: error,
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
