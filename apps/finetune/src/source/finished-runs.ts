import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the receipt of a pretraining run says that decides whether its encoder fits. */
export interface FinishedRun {
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly written: string;
  /** SHA-256 of the files that were read. */
  readonly files: readonly string[];
  readonly contextLength: number;
  readonly rows: number;
  /** End of the training rows of each recording, exclusive. */
  readonly trainEnds: readonly number[];
}

/** Finished pretraining runs below a folder, the newest first; what is no run is passed over. */
export async function finishedRuns(parent: string): Promise<readonly FinishedRun[]> {
  const names = await readdir(parent).catch(() => []);
  const runs = await Promise.all(names.map((name) => readRun(join(parent, name))));
  return runs
    .filter((run) => run !== undefined)
    .sort((a, b) => (a.written < b.written ? 1 : a.written > b.written ? -1 : 0));
}

interface Receipt {
  readonly format?: unknown;
  readonly status?: unknown;
  readonly written?: unknown;
  readonly data?: { readonly rows?: unknown; readonly files?: readonly { readonly sha256?: unknown }[] };
  readonly windows?: { readonly contextLength?: unknown };
  readonly split?: TrainRows;
  readonly recordings?: readonly { readonly split?: TrainRows }[];
}

interface TrainRows {
  readonly train?: { readonly end?: unknown };
}

async function readRun(folder: string): Promise<FinishedRun | undefined> {
  const receipt = await readReceipt(join(folder, 'receipt.json'));
  if (receipt?.format !== 'patchbert-pretrain-receipt' || receipt.status !== 'finished') return undefined;
  const { written, data, windows, split, recordings } = receipt;
  const contextLength = windows?.contextLength;
  if (typeof written !== 'string' || typeof contextLength !== 'number') return undefined;
  const splits = recordings?.map((one) => one.split) ?? [split];
  return {
    folder,
    written,
    contextLength,
    files: (data?.files ?? []).map(({ sha256 }) => String(sha256)),
    rows: Number(data?.rows),
    trainEnds: splits.map((one) => Number(one?.train?.end)),
  };
}

async function readReceipt(path: string): Promise<Receipt | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Receipt;
  } catch {
    return undefined;
  }
}
