import { deriveKey, permutation, type RandomKey } from '@patchbert/random';

/** Series of a batch: as many as asked for, but at most twice as many as there are. */
export function batchSizeFor(batchSize: number, series: number): number {
  return Math.min(batchSize, 2 * series);
}

/**
 * Which series step `step` (from 1) learns from: permutations of all series one after another, cut into batches, so that every
 * series is seen equally often.
 */
export function seriesOfStep(series: number, batchSize: number, step: number, key: RandomKey): number[] {
  const first = (step - 1) * batchSize;
  let epoch = -1;
  let order: Uint32Array = new Uint32Array();
  return Array.from({ length: batchSize }, (_, i) => {
    const wanted = Math.floor((first + i) / series);
    if (wanted !== epoch) {
      epoch = wanted;
      order = permutation(deriveKey(key, 'order', epoch), series);
    }
    return order[(first + i) % series]!;
  });
}
