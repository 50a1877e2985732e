import { PatchBertError, parseJson } from '@patchbert/errors';
import { float32Tensor, type HostTensors, type TensorSpec } from '@patchbert/ops';
import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
import { describeDifference, differingTensors } from '../transfer/differing-tensors.ts';
import { sha256 } from './durable-write.ts';
import { LARGEST_JSON, readInside } from './read-inside.ts';
import { isSealBroken } from './sealed-json.ts';

/** Makes the error to throw from what is wrong with a model folder. */
export type Refuse = (reason: string) => PatchBertError;

/**
 * The JSON that describes a model, from a folder that may come from a stranger; see `readInside` and `parseJson`. Its seal is
 * checked by `requireSeal`, when what it says was.
 *
 * @throws the refusal; the system's error when the file cannot be read.
 */
export async function readModelDescription(folder: string, name: string, refuse: Refuse): Promise<unknown> {
  const bytes = await readInside(folder, name, { largest: LARGEST_JSON });
  return parseJson(new TextDecoder().decode(bytes), (problem) => refuse(`${name} ${problem}`));
}

/** Refuses a description that is not as it was written, see `sealed`. */
export function requireSeal(json: unknown, name: string, refuse: Refuse): void {
  if (!isSealBroken(json)) return;
  throw refuse(
    `${name} is not as it was saved: its own SHA-256 differs (if it was changed on purpose, remove its last key, sha256)`,
  );
}

/**
 * The tensors of a file in a model folder, as float32; the file must have the hash that the description names.
 *
 * @throws the refusal, and errors of `readSafetensors`.
 */
export async function readModelTensors(
  folder: string,
  { file, sha256: expected }: { readonly file: string; readonly sha256: string },
  description: string,
  refuse: Refuse,
): Promise<HostTensors> {
  const bytes = await readInside(folder, file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(
      error instanceof PatchBertError
        ? error.message
        : `${file} cannot be read (${error.code ?? error.name})`,
    );
  });
  if (sha256(bytes) !== expected) {
    throw refuse(`${file} is not the file that was saved: its SHA-256 differs from ${description}`);
  }
  return Object.fromEntries(
    [...readSafetensors(bytes).tensors].map(([name, tensor]) => [
      name,
      float32Tensor(toFloat32(tensor), tensor.shape),
    ]),
  );
}

/**
 * The tensors of a model: every one that is expected with its shape, no other, and finite numbers alone.
 *
 * @param mayBeInfinite names of tensors whose numbers may be anything.
 * @throws the refusal, which names every tensor that differs, or the first number that is NaN or infinite.
 */
export function requireTensors(
  expected: Readonly<Record<string, TensorSpec>>,
  found: HostTensors,
  refuse: Refuse,
  mayBeInfinite: readonly string[] = [],
): void {
  const differing = differingTensors(expected, found);
  if (differing.length > 0) {
    throw refuse(`its tensors are not those of its model: ${differing.map(describeDifference).join('; ')}`);
  }
  for (const [name, { data }] of Object.entries(found)) {
    const at = mayBeInfinite.includes(name) ? -1 : data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw refuse(`"${name}" holds ${data[at]} at ${at}, which is no weight`);
  }
}
