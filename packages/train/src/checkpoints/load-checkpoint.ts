import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PatchBertError, parseConfig, parseJson } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors, int32Tensor } from '@patchbert/ops';
import { readSafetensors, type SafeTensor, toFloat32, toInt32 } from '@patchbert/safetensors';
import { namesIn, removeAside, removeFolder, sha256 } from '../files/durable-write.ts';
import { readInside } from '../files/read-inside.ts';
import {
  type Checkpoint,
  factsText,
  isReplaced,
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
  const raw = parseState(path, text);
  const state = parseConfig(stateSchema, raw, join(path, STATE_FILE));
  // As written, before defaults and checks could change anything.
  const { facts } = raw as { facts: unknown };
  const expected = state.sha256.facts;
  if (expected !== undefined && sha256(factsText(state.step, facts)) !== expected) {
    throw bad(path, `${STATE_FILE} is not as it was saved: its SHA-256 differs`);
  }
  const named = stepOfFolderName(basename(path));
  if (named !== undefined && named !== state.step) {
    throw bad(path, `it is the checkpoint of step ${state.step} under another's name`);
  }
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
  for (const name of await newestFirst(checkpoints)) {
    const path = join(checkpoints, name);
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
  const steps = (await newestFirst(checkpoints)).map((name) => stepOfFolderName(name)!);
  return [...new Set(steps)].reverse();
}

/** Names of checkpoint folders by step; of one that is being replaced, the new folder comes before the old. */
async function newestFirst(checkpoints: string): Promise<string[]> {
  const stepOf = (name: string) => stepOfFolderName(name) ?? -1;
  return (await namesIn(checkpoints))
    .filter((name) => stepOf(name) >= 0)
    .sort((a, b) => stepOf(b) - stepOf(a) || Number(isReplaced(a)) - Number(isReplaced(b)));
}

/**
 * Removes what unfinished saves left behind, and gives a checkpoint its name back whose replacement never came. Only for the
 * one process that writes to this folder.
 */
export async function removeLeftovers(checkpoints: string): Promise<void> {
  await removeAside(checkpoints);
  const names = new Set(await namesIn(checkpoints));
  for (const name of [...names].filter(isReplaced)) {
    const path = join(checkpoints, name);
    const kept = name.slice(0, name.indexOf('.'));
    const current = join(checkpoints, kept);
    if (names.has(kept)) {
      if ((await loadIfWhole(current)) !== undefined) {
        await removeFolder(path);
        continue;
      }
      await removeFolder(current);
    }
    await rename(path, current);
  }
}

/** A checkpoint, or `undefined` when it cannot be used. */
export async function loadIfWhole(path: string): Promise<Checkpoint | undefined> {
  try {
    return await loadCheckpoint(path);
  } catch (error) {
    if (error instanceof PatchBertError) return undefined;
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
