import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError, parseConfig, parseJson } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { readSafetensors, type SafeTensor, toFloat32, toInt32 } from '@patchbert/safetensors';
import { sha256 } from '../files/durable-write.ts';
import { readInside } from '../files/read-inside.ts';
import {
  ASIDE_PREFIX,
  type Checkpoint,
  checkpointPath,
  MODEL_FILE,
  OPTIMISER_FILE,
  STATE_FILE,
  stateSchema,
  stepOfFolderName,
} from './checkpoint.ts';

/**
 * Loads one checkpoint folder and verifies the SHA-256 of its files.
 *
 * @throws PatchBertError `train/bad-checkpoint` when a file is missing, unreadable or not the one that was saved.
 * @example
 * const { parameters, facts } = await loadCheckpoint('runs/first/checkpoints/step-00004000');
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const text = new TextDecoder().decode(await readPart(path, STATE_FILE));
  const state = parseConfig(stateSchema, parseState(path, text), join(path, STATE_FILE));
  const [parameters, optimiser] = await Promise.all(
    ([MODEL_FILE, OPTIMISER_FILE] as const).map(async (name) => {
      const file = await readPart(path, name);
      if (sha256(file) !== state.sha256[name]) {
        throw bad(path, `${name} is not the file that was saved: its SHA-256 differs from ${STATE_FILE}`);
      }
      return hostTensors(readSafetensors(file).tensors);
    }),
  );
  return { step: state.step, parameters: parameters!, optimiser: optimiser!, facts: state.facts };
}

/** A checkpoint with its folder, and newer ones that had to be passed over. */
export interface LatestCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Newer folders that are damaged, newest first, with the reason; not silent: tell the user. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * The newest complete checkpoint below a `checkpoints` folder, by step, or `undefined` when there is none at all.
 *
 * @throws PatchBertError `train/bad-checkpoint` when there are checkpoints and every one is damaged.
 */
export async function latestCheckpoint(checkpoints: string): Promise<LatestCheckpoint | undefined> {
  const skipped: { path: string; reason: string }[] = [];
  for (const step of (await checkpointSteps(checkpoints)).reverse()) {
    const path = checkpointPath(checkpoints, step);
    try {
      return { path, checkpoint: await loadCheckpoint(path), skipped };
    } catch (error) {
      if (!(error instanceof PatchBertError)) throw error;
      skipped.push({ path, reason: error.message });
    }
  }
  if (skipped.length === 0) return undefined;
  throw new PatchBertError(
    'train/bad-checkpoint',
    `latestCheckpoint: none of the ${skipped.length} checkpoints in "${checkpoints}" can be used. The newest: ` +
      skipped[0]!.reason,
  );
}

/** Steps that have a checkpoint folder, ascending. */
export async function checkpointSteps(checkpoints: string): Promise<number[]> {
  return (await namesIn(checkpoints))
    .map(stepOfFolderName)
    .filter((step) => step !== undefined)
    .sort((a, b) => a - b);
}

/** Removes what unfinished saves left behind. Only for the one process that writes to this folder. */
export async function removeLeftovers(checkpoints: string): Promise<void> {
  for (const name of await namesIn(checkpoints)) {
    if (name.startsWith(ASIDE_PREFIX)) await rm(join(checkpoints, name), { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readPart(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readInside(path, name);
  } catch (error) {
    if (error instanceof PatchBertError) throw bad(path, error.message);
    throw bad(path, `${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function parseState(path: string, text: string): unknown {
  return parseJson(text, (problem) => bad(path, `${STATE_FILE} ${problem}`));
}

function bad(path: string, reason: string): PatchBertError {
  return new PatchBertError(
    'train/bad-checkpoint',
    `loadCheckpoint: "${path}" cannot be used: ${reason}. Use another checkpoint of this run.`,
  );
}

function hostTensors(tensors: ReadonlyMap<string, SafeTensor>): HostTensors {
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, hostTensor(tensor)]));
}

function hostTensor(tensor: SafeTensor): HostTensor {
  return tensor.dtype === 'I32' || tensor.dtype === 'I64'
    ? int32Tensor(toInt32(tensor), tensor.shape)
    : float32Tensor(toFloat32(tensor), tensor.shape);
}
