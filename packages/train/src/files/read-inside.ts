import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PatchBertError, quote } from '@patchbert/errors';

/** What a file in a folder from elsewhere may be. */
export interface InsideOptions {
  /** Most bytes; a larger file is refused before it is read. */
  readonly largest: number;
  /** Whether it may be a link to a file elsewhere. Default false. */
  readonly mayLinkOutside?: boolean;
}

/** Most bytes of a JSON file of a model or run that are read: far above any of ours. */
export const LARGEST_JSON = 64 * 2 ** 20;
/** Node reads no more into one array. */
const LARGEST_READ = 2 ** 31 - 1;

const LONGEST_NAME = 255;
/** Names that are devices on Windows, whatever stands behind the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The path of a file in a folder that may come from a stranger: `name` is a plain name, no way out of the folder; what is there is
 * a file, no pipe or device that would never end, not larger than allowed, and no link out of the folder.
 *
 * @throws PatchBertError `train/unsafe-file`; the system's error when there is no such file.
 */
export async function pathInside(
  folder: string,
  name: string,
  { largest, mayLinkOutside = false }: InsideOptions,
): Promise<string> {
  if (!isPlainName(name)) {
    throw unsafe(name, 'its name leads elsewhere, or is none; expected the name of a file in the folder');
  }
  const path = join(folder, name);
  const found = await stat(path);
  if (!found.isFile()) throw unsafe(name, 'it is no file');
  if (found.size > largest) throw unsafe(name, `it has ${found.size} bytes; at most ${largest} are read`);
  if (mayLinkOutside) return path;
  const [root, target] = await Promise.all([realpath(folder), realpath(path)]);
  const inside = root.endsWith(sep) ? root : root + sep;
  if (!target.startsWith(inside)) throw unsafe(name, 'it is a link to a file outside the folder');
  return path;
}

/**
 * Reads a file of a folder that may come from a stranger; see `pathInside`.
 *
 * @throws PatchBertError `train/unsafe-file`; the system's error when it cannot be read.
 */
export async function readInside(
  folder: string,
  name: string,
  options: InsideOptions = { largest: LARGEST_READ },
): Promise<Uint8Array> {
  return readFile(await pathInside(folder, name, options));
}

function isPlainName(name: string): boolean {
  const isName = name !== '' && name !== '.' && name !== '..' && name.length <= LONGEST_NAME;
  return isName && !/[/\\:\p{Cc}]/u.test(name) && !DEVICE.test(name);
}

function unsafe(name: string, why: string): PatchBertError {
  return new PatchBertError('train/unsafe-file', `readInside: ${quote(name)} is not read: ${why}.`);
}
