import { mkdir, readdir, readFile, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { ASIDE_PREFIX, fileNotWritten, removeAside } from '../files/durable-write.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * Claims the folder for this process, so that two runs never write to it at once, and removes what an earlier process left
 * unfinished in it. Returns the release.
 *
 * The lock is a folder with one file, named after the process that holds it. A process makes such a folder aside and renames it to
 * `.lock`, which the system refuses where there is one that is not empty. What a dead process left is emptied by the name of
 * that process, so two that find it at once cannot remove each other's.
 *
 * @throws PatchBertError `train/run-in-progress` when a living process holds it, or one of another machine; `train/file-not-written`
 * when the system refuses.
 */
export async function lockRunFolder(folder: RunFolder): Promise<() => Promise<void>> {
  const lock = join(folder.path, '.lock');
  const holder = thisProcess();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await removeDeadHolders(lock, folder);
    if (!(await place(lock, holder, folder))) continue;
    const release = async () => {
      await rm(join(lock, holder), { force: true });
      await removeIfEmpty(lock);
    };
    try {
      await removeAside(folder.path);
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  }
  throw inProgress(lock, folder, 'another process');
}

/** Whoever was faster is seen at the next attempt; more are only needed when it ended in between. */
const ATTEMPTS = 10;

/** False when another process was faster. */
async function place(lock: string, holder: string, folder: RunFolder): Promise<boolean> {
  const aside = join(folder.path, `${ASIDE_PREFIX}lock-${holder}`);
  try {
    await mkdir(aside);
    await writeFile(join(aside, holder), '');
    await rename(aside, lock);
    return true;
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    // Not there any more: the process that was faster has tidied up. Windows says that it is not permitted.
    const lost = ['ENOTEMPTY', 'EEXIST', 'ENOENT', ...(process.platform === 'win32' ? ['EPERM'] : [])];
    if (lost.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw fileNotWritten('lockRunFolder', lock, error);
  }
}

async function removeDeadHolders(lock: string, folder: RunFolder): Promise<void> {
  for (const name of await holdersOf(lock)) {
    if (!isGone(name)) throw inProgress(lock, folder, describeHolder(name));
    await rm(join(lock, name), { force: true });
  }
  // Windows renames nothing to a name that is taken, not even by an empty folder.
  await removeIfEmpty(lock);
}

async function holdersOf(lock: string): Promise<string[]> {
  try {
    return await readdir(lock);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return (await removeFileOfTheDead(lock)) ? [] : ['a file'];
    throw error;
  }
}

/** The first releases wrote a file that begins with the process id. */
async function removeFileOfTheDead(lock: string): Promise<boolean> {
  const pid = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
  if (!(pid > 0) || (pid !== process.pid && isAlive(pid))) return false;
  // Of a folder that took its place by now, this takes nothing away.
  return unlink(lock).then(
    () => true,
    () => false,
  );
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {});
}

/** Process id, start and machine: in a container the next process often has the id of the one that was killed. */
function thisProcess(): string {
  return `${process.pid}_${performance.timeOrigin}_${thisMachine()}`;
}

/** Of a process of another machine nobody can tell here whether it still runs. */
function isGone(holder: string): boolean {
  const { pid, machine } = parseHolder(holder);
  if (holder === thisProcess() || machine !== thisMachine()) return false;
  return pid === process.pid || !isAlive(pid);
}

function parseHolder(holder: string): { readonly pid: number; readonly machine: string } {
  const [pid = '', _start, ...machine] = holder.split('_');
  return { pid: Number(pid), machine: machine.join('_') };
}

function thisMachine(): string {
  return encodeURIComponent(hostname());
}

function describeHolder(holder: string): string {
  const { pid, machine } = parseHolder(holder);
  if (machine === '') return 'an unknown process';
  return machine === thisMachine() ? `process ${pid}` : `process ${pid} of machine "${machine}"`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inProgress(lock: string, { path }: RunFolder, holder: string): PatchBertError {
  return new PatchBertError(
    'train/run-in-progress',
    `lockRunFolder: ${holder} is writing to "${path}". Wait for it, or remove "${lock}" if that process is not a PatchBERT run or ` +
      'has ended.',
  );
}
