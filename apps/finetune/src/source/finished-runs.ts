import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type PretrainedRows, readPretrainedRows } from '@patchbert/train';

/** A pretraining run, and what its receipt says that decides whether its encoder fits. */
export interface FinishedRun extends PretrainedRows {
  readonly folder: string;
}

/** Finished pretraining runs below a folder, the newest first; what is no run is passed over. */
export async function finishedRuns(parent: string): Promise<readonly FinishedRun[]> {
  const names = await readdir(parent).catch(() => []);
  const runs = await Promise.all(names.map((name) => readRun(join(parent, name))));
  return runs
    .filter((run) => run !== undefined)
    .sort((a, b) => (a.written < b.written ? 1 : a.written > b.written ? -1 : 0));
}

async function readRun(folder: string): Promise<FinishedRun | undefined> {
  const found = await readPretrainedRows(folder).catch(() => undefined);
  return found?.status === 'finished' ? { folder, ...found } : undefined;
}
