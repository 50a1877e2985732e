import { link, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TextOutput } from '@patchbert/command-line';
import { PatchBertError } from '@patchbert/errors';

/** Where results go: a new file, or standard output for `-` and nothing. */
export interface OutputPlace {
  /** Undefined for standard output. */
  readonly path?: string;
  write(text: string): Promise<void>;
}

/**
 * Checks where results shall go, before the work begins.
 *
 * @throws PatchBertError `finetune/output` when the file exists or cannot be created.
 */
export async function outputPlace(asked: string | undefined, stdout: TextOutput): Promise<OutputPlace> {
  if (asked === undefined || asked === '-') {
    return {
      async write(text) {
        stdout.write(text);
      },
    };
  }
  if (await exists(asked)) throw taken(asked);
  const folder = dirname(asked);
  const aside = await mkdtemp(join(folder, '.patchbert-')).catch((error: NodeJS.ErrnoException) => {
    throw notWritable(asked, error);
  });
  await rm(aside, { recursive: true });
  return { path: asked, write: (text) => writeWhole(asked, text) };
}

/** Written aside and linked into place: the file is there as a whole or not at all, and replaces nothing. */
async function writeWhole(path: string, text: string): Promise<void> {
  const aside = await mkdtemp(join(dirname(path), '.patchbert-')).catch((error: NodeJS.ErrnoException) => {
    throw notWritable(path, error);
  });
  try {
    const whole = join(aside, basename(path));
    await writeFile(whole, text);
    await link(whole, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw taken(path);
      // Some file systems have no links.
      await writeFile(path, text, { flag: 'wx' });
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function taken(path: string): PatchBertError {
  return new PatchBertError(
    'finetune/output',
    `--output "${path}" is there already; choose another name, or leave it out and redirect standard output.`,
  );
}

function notWritable(path: string, { code }: NodeJS.ErrnoException): PatchBertError {
  const reason =
    code === 'ENOENT'
      ? 'its folder does not exist'
      : code === 'ENOTDIR'
        ? 'what should be its folder is a file'
        : `its folder is not writable (${code})`;
  return new PatchBertError('finetune/output', `--output "${path}": ${reason}; choose another place.`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
