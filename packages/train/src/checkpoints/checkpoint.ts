import { join } from 'node:path';
import type { HostTensors } from '@patchbert/ops';
import { z } from 'zod';
import { forcedResumeSchema, rollbackSchema } from './run-history.ts';

/** A run at a step: with its configuration, all that the next steps depend on. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly parameters: HostTensors;
  /** Optimiser moments, keyed by parameter name. */
  readonly optimiser: HostTensors;
  readonly facts: CheckpointFacts;
}

const factsSchema = z.strictObject({
  /** The run's configuration. */
  config: z.record(z.string(), z.unknown()),
  /** The model's configuration, enough to rebuild it without the run. */
  model: z.record(z.string(), z.unknown()),
  /** What computed the last steps; another engine continues, but not bit for bit. */
  backend: z.string(),
  engine: z.string(),
  /** That steps before them ran on another engine. */
  mixedEngines: z.literal(true).optional(),
  /** SHA-256 of the training data, see `frameFingerprint`. */
  dataFingerprint: z.string(),
  /** SHA-256 of the rows of train and validation, where the configuration does not say them. */
  split: z.string().optional(),
  /** The files the data came from. */
  sources: z.array(z.strictObject({ path: z.string(), sha256: z.string() })).optional(),
  /** Version of PatchBERT that computed the last steps. */
  patchbert: z.string().optional(),
  /** Returns to earlier checkpoints after training diverged; their last says how rates are scaled. */
  rollbacks: z.array(rollbackSchema).optional(),
  /** Continuations that were forced: no uninterrupted run has these bits. */
  forced: z.array(forcedResumeSchema).optional(),
  /** Saved because of an interruption: an uninterrupted run has no checkpoint of this step. */
  unplanned: z.literal(true).optional(),
  /** The step with the lowest validation error so far. */
  best: z.strictObject({ step: z.int(), maskedError: z.number() }).optional(),
});

/** What a checkpoint says besides its tensors. */
export type CheckpointFacts = z.output<typeof factsSchema>;

export const MODEL_FILE = 'model.safetensors';
export const OPTIMISER_FILE = 'optimizer.safetensors';
export const STATE_FILE = 'state.json';

/** `state.json`: written last, names the hashes of the others and of what it says itself. */
export const stateSchema = z.strictObject({
  format: z.literal('patchbert-checkpoint'),
  version: z.literal(1),
  step: z.int().min(0),
  sha256: z.strictObject({
    [MODEL_FILE]: z.string(),
    [OPTIMISER_FILE]: z.string(),
    /** Of `factsText`; checkpoints of the first releases have none. */
    facts: z.string().optional(),
  }),
  facts: factsSchema,
});

/** What the hash of the facts is taken of. */
export function factsText(step: number, facts: unknown): string {
  return JSON.stringify({ step, facts });
}

const DIGITS = 8;
const FOLDER_NAME = /^step-(\d{8,})(?:\.replaced)?$/;
const REPLACED = '.replaced';

/** Folder of the checkpoint of `step` below the `checkpoints` folder: `step-00001000`. */
export function checkpointPath(checkpoints: string, step: number): string {
  return join(checkpoints, `step-${String(step).padStart(DIGITS, '0')}`);
}

/** Where a checkpoint waits while a new one of the same step takes its place. */
export function replacedPath(path: string): string {
  return `${path}${REPLACED}`;
}

/** Whether a folder name is one of `replacedPath`. */
export function isReplaced(name: string): boolean {
  return name.endsWith(REPLACED) && stepOfFolderName(name) !== undefined;
}

/** The step a folder name stands for, or `undefined` for any other name. */
export function stepOfFolderName(name: string): number | undefined {
  const digits = FOLDER_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
