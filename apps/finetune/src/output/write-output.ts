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

/** A new file of some other content. */
export interface FilePlace {
  readonly path: string;
  write(content: Uint8Array): Promise<void>;
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
  await requireNewFile(asked);
  return { path: asked, write: (text) => writeWhole(asked, text) };
}

/**
 * Checks where a file shall go, before the work begins.
 *
 * @throws PatchBertError `finetune/output` when it exists or cannot be created.
 */
export async function filePlace(path: string): Promise<FilePlace> {
  if (path === '-') {
    throw new PatchBertError(
      'finetune/output',
      '--output "-": this is no text for standard output; name a new file.',
    );
  }
  if (await exists(path)) {
    throw new PatchBertError(
      'finetune/output',
      `"${path}" is there already; name another file with --output.`,
    );
  }
  await requireNewFile(path);
  return { path, write: (content) => writeWhole(path, content) };
}

async function requireNewFile(path: string): Promise<void> {
  if (await exists(path)) throw taken(path);
  const aside = await mkdtemp(join(dirname(path), '.patchbert-')).catch((error: NodeJS.ErrnoException) => {
    throw notWritable(path, error);
  });
  await rm(aside, { recursive: true });
}

/** Written aside and linked into place: the file is there as a whole or not at all, and replaces nothing. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const aside = await mkdtemp(join(dirname(path), '.patchbert-')).catch((error: NodeJS.ErrnoException) => {
    throw notWritable(path, error);
  });
  try {
    const whole = join(aside, basename(path));
    await writeFile(whole, content);
    await link(whole, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw taken(path);
      // Some file systems have no links.
      await writeFile(path, content, { flag: 'wx' });
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
