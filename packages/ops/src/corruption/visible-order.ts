import { PatchBertError } from '@patchbert/errors';

/** Flat row numbers that take visible tokens out of a batch and put them back. */
export interface VisibleOrder {
  /** `[S*V]`: row of the `[S*N]` tokens of each visible one, in order. */
  readonly visibleIndex: Int32Array;
  /** `[S*N]`: row of the `[S*V]` visible tokens; of the series' first visible one where hidden. */
  readonly restoreIndex: Int32Array;
  /** V, visible patches of each series. */
  readonly visibleCount: number;
}

/**
 * Works out the order for `takeTokens` and `restoreTokens`.
 *
 * @param masks `[S*N]`, 1 = hidden; every series must hide the same number, as a batch is one tensor.
 * @param series S.
 * @param patchCount N.
 * @throws PatchBertError `ops/shape-mismatch`, `ops/uneven-masks`, `ops/nothing-visible`.
 * @example
 * visibleOrder(Uint8Array.of(1, 0, 1, 0), 1, 4); // visibleIndex [1, 3], restoreIndex [0, 0, 0, 1], visibleCount 2
 */
export function visibleOrder(masks: Uint8Array, series: number, patchCount: number): VisibleOrder {
  if (masks.length !== series * patchCount || series < 1) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `visibleOrder: ${masks.length} mask entries are not ${series} series of ${patchCount} patches.`,
    );
  }
  const visibleCount = countVisible(masks, 0, patchCount);
  if (visibleCount === 0) {
    throw new PatchBertError(
      'ops/nothing-visible',
      'visibleOrder: every patch is masked; at least one must stay visible.',
    );
  }
  const visibleIndex = new Int32Array(series * visibleCount);
  const restoreIndex = new Int32Array(series * patchCount);
  let next = 0;
  for (let s = 0; s < series; s++) {
    const first = s * visibleCount;
    for (let row = s * patchCount; row < (s + 1) * patchCount; row++) {
      if (masks[row] !== 0) {
        restoreIndex[row] = first;
        continue;
      }
      visibleIndex[next] = row;
      restoreIndex[row] = next++;
    }
    if (next !== first + visibleCount) {
      throw new PatchBertError(
        'ops/uneven-masks',
        `visibleOrder: series ${s} shows ${countVisible(masks, s, patchCount)} patches and series 0 shows ${visibleCount}; visible-only encoding needs the same number in every series.`,
      );
    }
  }
  return { visibleIndex, restoreIndex, visibleCount };
}

function countVisible(masks: Uint8Array, series: number, patchCount: number): number {
  let visible = 0;
  for (let i = series * patchCount; i < (series + 1) * patchCount; i++) if (masks[i] === 0) visible++;
  return visible;
}
