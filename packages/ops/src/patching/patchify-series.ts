import { PatchBertError } from '@patchbert/errors';
import { coveredLength, type PatchLayout } from './patch-layout.ts';

/**
 * The host's twin of `patchify`: cuts series in a plain array. Padding comes out as NaN, unobserved.
 *
 * @param values `[S*L]`, row-major.
 * @returns `[S*N*P]`, row-major.
 * @throws PatchBertError `ops/shape-mismatch` when the values are not whole series.
 * @example
 * patchifySeries(new Float32Array(2 * 64), patchLayout({ contextLength: 64, patchLength: 8 })); // [2*8*8]
 */
export function patchifySeries(values: Float32Array, layout: PatchLayout): Float32Array {
  const { contextLength, patchCount, patchLength, patchStride, dropped, padded } = layout;
  if (values.length % contextLength !== 0) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `patchifySeries: ${values.length} values are not whole series of contextLength ${contextLength}.`,
    );
  }
  const series = values.length / contextLength;
  if (patchStride === patchLength) return cutWithoutOverlap(values, series, layout);
  const patches = new Float32Array(series * patchCount * patchLength);
  let to = 0;
  for (let s = 0; s < series; s++) {
    for (let n = 0; n < patchCount; n++) {
      const start = dropped - padded + n * patchStride;
      for (let i = start; i < start + patchLength; i++) {
        patches[to++] = i < 0 ? Number.NaN : values[s * contextLength + i]!;
      }
    }
  }
  return patches;
}

/** Patches side by side are the covered points themselves: one copy per series. */
function cutWithoutOverlap(values: Float32Array, series: number, layout: PatchLayout): Float32Array {
  const { contextLength, dropped, padded } = layout;
  if (dropped === 0 && padded === 0) return values.slice();
  const covered = coveredLength(layout);
  const patches = new Float32Array(series * covered);
  for (let s = 0; s < series; s++) {
    if (padded > 0) patches.fill(Number.NaN, s * covered, s * covered + padded);
    patches.set(values.subarray(s * contextLength + dropped, (s + 1) * contextLength), s * covered + padded);
  }
  return patches;
}
