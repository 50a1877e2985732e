import { stat } from 'node:fs/promises';
import type { TextOutput } from '@patchbert/command-line';
import { requireNewFile, writeNewFile } from '@patchbert/embed';
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
  await requirePlace(asked);
  return { path: asked, write: (text) => writeNewFile(asked, [text]) };
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
  await requirePlace(path);
  return { path, write: (content) => writeNewFile(path, [content]) };
}

/** What a new file cannot be made for, in the words of the flag. */
async function requirePlace(path: string): Promise<void> {
  await requireNewFile(path).catch((error: unknown) => {
    if (!(error instanceof PatchBertError)) throw error;
    throw new PatchBertError('finetune/output', `--output ${error.message}`, { cause: error });
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
