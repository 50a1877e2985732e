import { type RandomKey, sampleWithoutReplacement } from '@patchbert/random';
import { drawGeometricSpans } from './draw-geometric-spans.ts';
import { maskedPatchCount } from './masked-patch-count.ts';
import type { Masking } from './masking-schema.ts';

/**
 * The mask of one series, a function of `key` alone: derive the key from seed, epoch or step, sample and
 * channel for independent masks, or leave the channel out to share one among channels.
 *
 * @returns `[N]`, 1 = masked; exactly `maskedPatchCount(masking, patchCount)` ones.
 * @throws PatchBertError as `maskedPatchCount`.
 * @example
 * const mask = drawMask({ geometry: 'random', ratio: 0.4 }, 42, deriveKey(randomKey(0), 'mask', step, id, channel));
 */
export function drawMask(masking: Masking, patchCount: number, key: RandomKey): Uint8Array {
  const count = maskedPatchCount(masking, patchCount);
  const mask = new Uint8Array(patchCount);
  switch (masking.geometry) {
    case 'random':
      for (const patch of sampleWithoutReplacement(key, patchCount, count)) mask[patch] = 1;
      return mask;
    case 'block': {
      const start = sampleWithoutReplacement(key, patchCount - count + 1, 1)[0]!;
      return mask.fill(1, start, start + count);
    }
    case 'geometric':
      drawGeometricSpans(mask, count, masking.meanLength, key);
      return mask;
    case 'forecast':
      return mask.fill(1, patchCount - count);
    case 'given':
      for (const patch of masking.masked) mask[patch] = 1;
      return mask;
  }
}
