import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../files/durable-write.ts';
import { STATE_FILE } from './checkpoint.ts';

/**
 * Removes a checkpoint. `state.json` goes first, as it came last: without it nothing in the folder is ever loaded, however far
 * the removal got. Nothing is moved, so it works where a folder cannot be: on the lower layer of a container's file system.
 */
export async function removeCheckpoint(path: string): Promise<void> {
  try {
    await rm(join(path, STATE_FILE));
    await syncFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await rm(path, { recursive: true, force: true });
}
