import type { Rows, Split } from '@patchbert/data';
import { z } from 'zod';
import { readJson, runFolderAt } from '../run-folder/run-folder.ts';

/** What the receipt of a pretraining says that decides whether its encoder fits other work. */
export interface PretrainedRows {
  readonly status: 'finished' | 'interrupted';
  /** ISO 8601, UTC. */
  readonly written: string;
  /** SHA-256 of the files that were read. */
  readonly files: readonly string[];
  /** Rows of the table, of all recordings. */
  readonly rows: number;
  readonly contextLength: number;
  /** The training rows of each recording, in rows of the table. */
  readonly train: readonly Rows[];
  /** Those with the rows that validate and test. */
  readonly splits: readonly Split[];
}

const rowsSchema = z.looseObject({ start: z.int(), end: z.int() });
const splitSchema = z.looseObject({ train: rowsSchema, validation: rowsSchema, test: rowsSchema });

/** Only what is read here; a receipt states much more. */
const receiptSchema = z.looseObject({
  format: z.literal('patchbert-pretrain-receipt'),
  status: z.enum(['finished', 'interrupted']),
  written: z.string(),
  data: z.looseObject({ rows: z.int(), files: z.array(z.looseObject({ sha256: z.string() })) }),
  windows: z.looseObject({ contextLength: z.int() }),
  split: splitSchema.optional(),
  recordings: z.array(z.looseObject({ split: splitSchema })).optional(),
});

/**
 * Reads from the receipt of a pretraining run which rows its encoder learned from; undefined when the folder holds none.
 *
 * @throws PatchBertError `train/bad-run-folder` for a file that is not JSON.
 * @example
 * const ends = (await readPretrainedRows('runs/first'))?.train.map(({ end }) => end);
 */
export async function readPretrainedRows(runFolder: string): Promise<PretrainedRows | undefined> {
  const { data: receipt } = receiptSchema.safeParse(await readJson(runFolderAt(runFolder).receipt));
  if (receipt === undefined) return undefined;
  const { status, written, data, windows, split, recordings } = receipt;
  const splits = recordings?.map((one) => one.split) ?? (split ? [split] : []);
  return {
    status,
    written,
    files: data.files.map(({ sha256 }) => sha256),
    rows: data.rows,
    contextLength: windows.contextLength,
    train: splits.map(({ train }) => rowsOf(train)),
    splits: splits.map(({ train, validation, test }) => ({
      train: rowsOf(train),
      validation: rowsOf(validation),
      test: rowsOf(test),
    })),
  };
}

function rowsOf({ start, end }: Rows): Rows {
  return { start, end };
}
