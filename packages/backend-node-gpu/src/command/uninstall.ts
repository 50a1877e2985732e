import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import type { Context } from './context.ts';
import { findPackage } from './find-package.ts';
import { listKept } from './kept-libraries.ts';
import { cpuLibraries, gpuLibraries } from './libraries.ts';
import { removeBinding } from './place-binding.ts';

/**
 * Removes what `install` put into the packages of a project and, when asked for, the libraries in the cache, which other projects may
 * use. Nothing else is touched.
 */
export async function uninstall(
  { cache }: { readonly cache?: string | true },
  { project, say }: Context,
): Promise<void> {
  let isAnything = false;
  for (const { npmPackage } of [gpuLibraries, cpuLibraries]) {
    const found = findPackage(npmPackage, project);
    if (found === undefined || !removeBinding(found.folder)) continue;
    isAnything = true;
    say(`removed the native binding from ${found.folder}`);
  }
  if (cache !== undefined) {
    const folder = cacheFolder(cache === true ? undefined : cache);
    for (const name of await listKept(folder)) {
      await rm(join(folder, name), { recursive: true });
      isAnything = true;
      say(`removed ${join(folder, name)}`);
    }
    await rmdir(folder).catch(() => {});
  }
  if (!isAnything) say('nothing to remove');
}
