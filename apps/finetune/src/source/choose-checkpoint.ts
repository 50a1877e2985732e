import { stat } from 'node:fs/promises';
import { PatchBertError } from '@patchbert/errors';
import { finishedRuns } from './finished-runs.ts';
import type { SplitData } from './open-source.ts';

/** Where an encoder comes from. */
export interface CheckpointSource {
  readonly folder: string;
  /** Why it was taken. */
  readonly reason: 'asked' | 'newest run on this data';
}

/**
 * The encoder to build on: the one asked for, else that of the newest finished run in the folder `runs` that read the very same
 * files, looks back as far as is asked for, and trained on no later row; undefined when there is none.
 */
export async function chooseCheckpoint(
  asked: string | undefined,
  { frame, files, splits }: SplitData,
  contextLength: number | undefined,
  runs = 'runs',
): Promise<CheckpointSource | undefined> {
  if (asked !== undefined) {
    await requireFolder(asked);
    return { folder: asked, reason: 'asked' };
  }
  const hashes = sorted(files.map(({ sha256 }) => sha256));
  // Without files nothing tells these data from others.
  if (files.length === 0) return undefined;
  const fitting = (await finishedRuns(runs)).find(
    (run) =>
      sorted(run.files) === hashes &&
      run.rows === frame.length &&
      (contextLength === undefined || run.contextLength === contextLength) &&
      run.train.length === splits.length &&
      run.train.every(({ end }, s) => end <= splits[s]!.train.end),
  );
  return fitting && { folder: fitting.folder, reason: 'newest run on this data' };
}

function sorted(hashes: readonly string[]): string {
  return [...hashes].sort().join();
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  const problem = found === undefined ? 'there is no such folder' : 'it is a file';
  throw new PatchBertError(
    'finetune/checkpoint',
    `--checkpoint "${folder}": ${problem}; expected the folder of a pretraining run or of one of its checkpoints.`,
  );
}
