import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { env } from 'node:process';

/** The folder that libraries are kept in: the one named, or `patchbert` in the user's folder for caches. */
export function cacheFolder(named?: string): string {
  if (named !== undefined) return resolve(named);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'patchbert');
}
