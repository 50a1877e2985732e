import { PatchBertError } from '@patchbert/errors';
import type { Masking } from './masking-schema.ts';

/** Brings products such as 50 * 0.29 = 14.499999999999998 back to the half they stand for. */
const HALF_TOLERANCE = 1e-9;

/**
 * How many of `patchCount` patches are hidden, the same for every series: the rounded share, with at least one
 * patch hidden and at least one visible.
 *
 * @throws PatchBertError `ops/too-few-patches`, `ops/nothing-visible`, `ops/bad-mask-index`.
 * @example
 * maskedPatchCount({ geometry: 'random', ratio: 0.4 }, 42); // 17
 */
export function maskedPatchCount(masking: Masking, patchCount: number): number {
  if (!Number.isSafeInteger(patchCount) || patchCount < 2) {
    throw new PatchBertError(
      'ops/too-few-patches',
      `maskedPatchCount: ${patchCount} patches cannot be split into hidden and visible ones; expected 2 or more. Use shorter patches or a longer context.`,
    );
  }
  if (masking.geometry === 'given') {
    const outside = masking.masked.find((patch) => patch >= patchCount);
    if (outside !== undefined) {
      throw new PatchBertError(
        'ops/bad-mask-index',
        `maskedPatchCount: patch ${outside} is to be masked, but a series has patches 0 to ${patchCount - 1}.`,
      );
    }
    return checkedCount(masking.masked.length, patchCount);
  }
  if (masking.geometry === 'forecast') return checkedCount(masking.patches, patchCount);
  const rounded = Math.round(patchCount * masking.ratio + HALF_TOLERANCE);
  return Math.min(Math.max(rounded, 1), patchCount - 1);
}

function checkedCount(masked: number, patchCount: number): number {
  if (masked < patchCount) return masked;
  throw new PatchBertError(
    'ops/nothing-visible',
    `maskedPatchCount: ${masked} of ${patchCount} patches are to be masked; at least one must stay visible.`,
  );
}
