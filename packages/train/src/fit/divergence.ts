import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';

/** When training stopped making sense, and how that showed. */
export interface Divergence {
  readonly step: number;
  /** Of that step. */
  readonly learningRate: number;
  /** Such as `the loss is NaN`. */
  readonly what: string;
  /** Which tensor of the state is not finite, see `notFinite`. */
  readonly layer?: string | undefined;
}

/**
 * The error of a training that diverged, code `train/diverged`; `divergenceIn` gets the facts back out of it.
 *
 * @param lastCheckpoint folder of the last good checkpoint, if there is one.
 */
export function divergedError(
  where: string,
  divergence: Divergence,
  lastCheckpoint: string | undefined,
): PatchBertError {
  const { step, learningRate, what, layer } = divergence;
  const first = layer === undefined ? '' : `; the first tensor: ${layer}`;
  const checkpoint =
    lastCheckpoint === undefined
      ? 'There is no checkpoint yet. '
      : `The last good checkpoint is "${lastCheckpoint}". `;
  return new PatchBertError(
    'train/diverged',
    `${where}: training diverged: ${what} at step ${step} with learning rate ${learningRate}${first}. ${checkpoint}` +
      'Lower the learning rate, warm up longer or clip gradients.',
    { cause: divergence },
  );
}

/** What `divergedError` was made of; `undefined` for any other error. */
export function divergenceIn(error: unknown): Divergence | undefined {
  const isDivergence = error instanceof PatchBertError && error.code === 'train/diverged';
  return isDivergence ? (error.cause as Divergence | undefined) : undefined;
}

/**
 * Says which of some tensors hold NaN or Infinity: the first by name, and how many; `undefined` when all are finite. On the host,
 * because not every device tells NaN from numbers.
 *
 * @example
 * notFinite({ 'head.bias': float32Tensor(Float32Array.of(Number.NaN), [1]) }); // '"head.bias" holds NaN (1 of 1 tensors is not finite)'
 */
export function notFinite(tensors: HostTensors): string | undefined {
  const entries = Object.entries(tensors);
  const bad = entries.flatMap(([name, { data }]) => {
    const at = data.findIndex((value) => !Number.isFinite(value));
    return at < 0 ? [] : [`"${name}" holds ${data[at]}`];
  });
  if (bad.length === 0) return undefined;
  return `${bad[0]} (${bad.length} of ${entries.length} tensors ${bad.length === 1 ? 'is' : 'are'} not finite)`;
}
