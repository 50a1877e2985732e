import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncFolder } from './durable-write.ts';

/**
 * Creates a folder and the missing ones above it, and waits until they are on the disk; returns those it created, outermost first.
 *
 * Node's recursive `mkdir` never returns where creating a folder fails with "no such file", as everywhere below `/proc`.
 */
export async function makeFolder(path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = resolve(path); !(await exists(folder)); folder = dirname(folder)) missing.unshift(folder);
  const created: string[] = [];
  for (const folder of missing) if (await makeOne(folder)) created.push(folder);
  for (const folder of created) await syncFolder(dirname(folder));
  return created;
}

/** False when another process was faster. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
