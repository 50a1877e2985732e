import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import type { Files } from './unpack-wheel.ts';

/** Lists the files of a complete folder and their sizes. */
const CONTENTS = 'contents.json';
const PARTIAL = '.partial-';
const A_DAY = 24 * 60 * 60 * 1000;

/** The folder of the named libraries in a cache when it is there and whole: every file with the size it had. */
export async function findKept(cache: string, name: string): Promise<string | undefined> {
  const folder = join(cache, name);
  try {
    const files = JSON.parse(await readFile(join(folder, CONTENTS), 'utf8')) as Files;
    for (const [file, size] of Object.entries(files)) {
      if ((await stat(join(folder, file))).size !== size) return undefined;
    }
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder of the named libraries in a cache: `fill` writes to a folder aside, which gets the name when all is there,
 * and is removed when something goes wrong. What processes that were killed left aside is removed after a day.
 */
export async function keep(
  cache: string,
  name: string,
  fill: (folder: string) => Promise<Files>,
): Promise<string> {
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const [folder, aside] = [join(cache, name), join(cache, `${name}${PARTIAL}${pid}`)];
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside);
    const files = await fill(aside);
    await writeFile(join(aside, CONTENTS), `${JSON.stringify(files, null, 2)}\n`);
    // Another process may have been faster; then what it made is as good.
    if ((await findKept(cache, name)) === undefined) {
      await rm(folder, { recursive: true, force: true });
      await rename(aside, folder);
    }
    return folder;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The names of the folders in a cache that this command made, whole or not. */
export async function listKept(cache: string): Promise<readonly string[]> {
  const names = await readdir(cache).catch(() => []);
  return names.filter((name) => /^(tensorflow(-cpu)?|cuda-for-tensorflow)-\d/.test(name));
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of (await listKept(cache)).filter((each) => each.includes(PARTIAL))) {
    const { mtimeMs } = await stat(join(cache, name));
    if (Date.now() - mtimeMs > A_DAY) await rm(join(cache, name), { recursive: true, force: true });
  }
}
