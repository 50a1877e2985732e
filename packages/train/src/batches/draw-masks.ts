import type { SeriesSample } from '@patchbert/data';
import { drawMask } from '@patchbert/ops';
import { deriveKey, type RandomKey, randomKey } from '@patchbert/random';
import type { BatchPlan, BatchRequest } from './batch-plan.ts';

/** Keys of one batch: by purpose and epoch, then by the identity of each sample; never by its place in the batch. */
export interface BatchKeys {
  readonly mask: RandomKey;
  readonly corruption: RandomKey;
}

export function batchKeys(plan: BatchPlan, request: BatchRequest): BatchKeys {
  const root = deriveKey(randomKey(plan.seed), request.purpose, request.epoch ?? 0);
  return { mask: deriveKey(root, 'mask'), corruption: deriveKey(root, 'corruption') };
}

/**
 * For each sample, how often it came before in this batch: 0 unless the batch is larger than the data. Repeats get
 * masks of their own, padding does not matter.
 */
export function occurrences(samples: readonly SeriesSample[]): Int32Array {
  const seen = new Map<number, number>();
  return Int32Array.from(samples, ({ id }) => {
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    return count;
  });
}

/** Masks of a batch, `[series * patches]`, 1 = hidden. */
export function drawMasks(plan: BatchPlan, samples: readonly SeriesSample[], key: RandomKey): Uint8Array {
  const { patchCount } = plan.layout;
  const masks = new Uint8Array(samples.length * patchCount);
  const repeats = occurrences(samples);
  samples.forEach(({ id, start }, s) => {
    const identity = plan.maskChannels === 'shared' ? start : id;
    masks.set(drawMask(plan.masking, patchCount, deriveKey(key, identity, repeats[s]!)), s * patchCount);
  });
  return masks;
}
