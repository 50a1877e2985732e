import { mkdtemp, readdir, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PatchBertError, quote } from '@patchbert/errors';

/** Of the data's name, in that of a folder. */
const LONGEST_NAME = 80;

/**
 * The folder of a new run, checked but not created: new or empty, below a folder that may be written to.
 * Default: `runs/<data>-<date>-<time>`, with a number behind it when that is taken.
 *
 * @param elsewise what else a user can do about a folder that is not empty, such as `or resume it`.
 * @throws PatchBertError `command-line/output`.
 */
export async function chooseOutputFolder(
  asked: string | undefined,
  source: string,
  elsewise = '',
): Promise<string> {
  if (asked !== undefined) {
    await requireNewOrEmpty(asked, elsewise);
    await requireWritable(asked);
    return asked;
  }
  const name = basename(source)
    .replace(/\.[a-z]{1,4}$/i, '')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, LONGEST_NAME);
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const base = join('runs', `${name}-${time}`);
  let folder = base;
  for (let number = 2; await exists(folder); number++) folder = `${base}-${number}`;
  await requireWritable(folder);
  return folder;
}

async function requireNewOrEmpty(folder: string, elsewise: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new PatchBertError(
      'command-line/output',
      `--output ${quote(folder)} cannot be used (${error.code}); choose another folder.`,
    );
  });
  if (entries.length === 0) return;
  throw new PatchBertError(
    'command-line/output',
    `--output "${folder}" is not empty (it holds ${entries.slice(0, 3).join(', ')}); choose a new folder${elsewise && `, ${elsewise}`}.`,
  );
}

/** The nearest folder that exists must take new entries. */
async function requireWritable(folder: string): Promise<void> {
  let path = resolve(folder);
  while (!(await exists(path))) path = dirname(path);
  if (!(await stat(path)).isDirectory()) {
    throw new PatchBertError(
      'command-line/output',
      `--output "${folder}": "${path}" is a file, expected a folder; choose another.`,
    );
  }
  // Permissions do not tell the truth about read-only and special file systems; a folder that can be made does.
  const probe = await mkdtemp(join(path, '.patchbert-')).catch((error: NodeJS.ErrnoException) => {
    throw new PatchBertError(
      'command-line/output',
      `--output "${folder}": "${path}" is not writable (${error.code}); choose another folder.`,
    );
  });
  await rmdir(probe);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
