import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveEntries } from './archive/archive-entries.ts';
import { unpackEntry } from './archive/unpack-entry.ts';
import type { Context } from './context.ts';

/** Where a file of a wheel goes, as a path below the target folder; undefined: it is left out. */
export type Selection = (name: string) => string | undefined;

/** Sizes of unpacked files by their path below the target folder. */
export type Files = Readonly<Record<string, number>>;

/**
 * Unpacks the selected files of a wheel below `target` and checks their sizes and checksums.
 *
 * @throws PatchBertError `node-gpu/bad-archive` when one of them is damaged.
 */
export async function unpackWheel(
  path: string,
  select: Selection,
  target: string,
  { signal }: Pick<Context, 'signal'>,
): Promise<Files> {
  const file = await open(path);
  try {
    const files: Record<string, number> = {};
    for (const entry of await archiveEntries(file, path)) {
      const name = select(entry.name);
      if (name === undefined || name.split('/').includes('..')) continue;
      await unpackEntry({ file, path }, entry, join(target, name), signal);
      files[name] = entry.size;
    }
    return files;
  } finally {
    await file.close();
  }
}
