import { readdir, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PatchBertError, parseJson } from '@patchbert/errors';
import { replaceFile } from '../files/durable-write.ts';
import { makeFolder } from '../files/make-folder.ts';
import { LARGEST_JSON, readInside } from '../files/read-inside.ts';

/** Paths of a run. Everything a run leaves behind is below its folder. */
export interface RunFolder {
  readonly path: string;
  readonly config: string;
  readonly environment: string;
  readonly metrics: string;
  readonly evaluation: string;
  readonly gallery: string;
  readonly receipt: string;
  readonly report: string;
  readonly checkpoints: string;
}

/** The files of the run at `path`; nothing is touched. */
export function runFolderAt(path: string): RunFolder {
  return {
    path,
    config: join(path, 'config.json'),
    environment: join(path, 'environment.json'),
    metrics: join(path, 'metrics.jsonl'),
    evaluation: join(path, 'evaluation.json'),
    gallery: join(path, 'gallery.json'),
    receipt: join(path, 'receipt.json'),
    report: join(path, 'report.html'),
    checkpoints: join(path, 'checkpoints'),
  };
}

/** The folder of a new run. */
export interface NewRunFolder {
  readonly folder: RunFolder;
  /** Takes away every folder that was created here and is still empty; for a run that failed before it wrote anything. */
  removeIfEmpty(): Promise<void>;
}

/**
 * Creates the folder of a new run, and the missing ones above it.
 *
 * @param options `checkpoints`: whether there is a folder for them in it; default true.
 *
 * @throws PatchBertError `train/run-folder-not-empty` when something is there already: a run never overwrites another;
 * `train/run-folder-not-created` when the system refuses.
 */
export async function createRunFolder(
  path: string,
  { checkpoints = true }: { readonly checkpoints?: boolean } = {},
): Promise<NewRunFolder> {
  const folder = runFolderAt(path);
  const created: string[] = [];
  try {
    created.push(...(await makeFolder(path)));
    await requireEmpty(path);
    if (checkpoints) created.push(...(await makeFolder(folder.checkpoints)));
  } catch (error) {
    await removeEmpty(created);
    if (error instanceof PatchBertError) throw error;
    throw new PatchBertError(
      'train/run-folder-not-created',
      `createRunFolder: "${path}" cannot be created (${(error as Error).message}). Choose a folder that can be written to.`,
      { cause: error },
    );
  }
  return { folder, removeIfEmpty: () => removeEmpty(created) };
}

async function requireEmpty(path: string): Promise<void> {
  const existing = await readdir(path);
  if (existing.length > 0) {
    throw new PatchBertError(
      'train/run-folder-not-empty',
      `createRunFolder: "${path}" is not empty (it holds ${existing.slice(0, 3).join(', ')}). Choose a new folder, or ` +
        'resume the run that is in it.',
    );
  }
}

/** Innermost first; a folder with something in it stays. */
async function removeEmpty(created: readonly string[]): Promise<void> {
  for (const path of created.toReversed()) await rmdir(path).catch(() => {});
}

/** Writes a JSON file of the run as a whole. `NaN` and infinities are not JSON and are refused. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await replaceFile(path, `${JSON.stringify(value, finiteOnly, 2)}\n`);
}

/**
 * Reads a JSON file of a run, or `undefined` when it is not there. The folder may come from a stranger: see `readInside` and
 * `parseJson`.
 *
 * @throws PatchBertError `train/bad-run-folder`, `train/unsafe-file`.
 */
export async function readJson(path: string): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    bytes = await readInside(dirname(path), basename(path), { largest: LARGEST_JSON });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseJson(
    new TextDecoder().decode(bytes),
    (problem) =>
      new PatchBertError(
        'train/bad-run-folder',
        `readJson: "${path}" ${problem}; restore it from a copy or start a new run.`,
      ),
  );
}

function finiteOnly(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new PatchBertError('train/not-json', `writeJson: "${key}" is ${value}, which JSON cannot hold.`);
  }
  return value;
}
