import { PatchBertError } from '@patchbert/errors';

/**
 * What happens to points that do not fill a patch: `drop-oldest` leaves them out, as PatchTST does; `pad`
 * keeps them and puts unobserved points before the series.
 */
export type RemainderRule = 'drop-oldest' | 'pad';

/** How a series is to be cut. */
export interface PatchingOptions {
  /** L, points of a series. */
  readonly contextLength: number;
  /** P, points of a patch. */
  readonly patchLength: number;
  /** Points from the start of one patch to the next; default `patchLength`. */
  readonly patchStride?: number;
  /** Default `drop-oldest`. */
  readonly remainder?: RemainderRule;
}

/** A checked plan for cutting a series, frozen. The last patch always ends with the last point. */
export interface PatchLayout {
  readonly contextLength: number;
  readonly patchLength: number;
  readonly patchStride: number;
  readonly remainder: RemainderRule;
  /** N, patches of a series. */
  readonly patchCount: number;
  /** Oldest points in no patch because of the remainder. */
  readonly dropped: number;
  /** Unobserved points put before the series. */
  readonly padded: number;
}

/**
 * Works out how a series of `contextLength` points is cut into patches.
 *
 * `N = floor((L - P) / stride) + 1` patches, rounded up under `pad`.
 *
 * @throws PatchBertError `ops/bad-context-length`, `ops/bad-patch-length`, `ops/bad-patch-stride`,
 *   `ops/bad-remainder`, `ops/patch-longer-than-context`.
 * @example
 * patchLayout({ contextLength: 50, patchLength: 8 }); // patchCount 6, dropped 2
 */
export function patchLayout(options: PatchingOptions): PatchLayout {
  const { contextLength, patchLength, patchStride = patchLength, remainder = 'drop-oldest' } = options;
  checkPositive('context-length', 'contextLength', contextLength);
  checkPositive('patch-length', 'patchLength', patchLength);
  checkPositive('patch-stride', 'patchStride', patchStride);
  if (remainder !== 'drop-oldest' && remainder !== 'pad') {
    throw new PatchBertError(
      'ops/bad-remainder',
      `patchLayout: remainder "${remainder}" is not known; expected "drop-oldest" or "pad".`,
    );
  }
  if (patchLength > contextLength) {
    throw new PatchBertError(
      'ops/patch-longer-than-context',
      `patchLayout: patchLength ${patchLength} does not fit into contextLength ${contextLength}; use a longer context or shorter patches.`,
    );
  }
  const round = remainder === 'pad' ? Math.ceil : Math.floor;
  const patchCount = round((contextLength - patchLength) / patchStride) + 1;
  const surplus = contextLength - coveredLength({ patchCount, patchLength, patchStride });
  return Object.freeze({
    contextLength,
    patchLength,
    patchStride,
    remainder,
    patchCount,
    dropped: Math.max(0, surplus),
    padded: Math.max(0, -surplus),
  });
}

/** Points from the start of the first patch to the end of the last: `(N - 1) * stride + P`. */
export function coveredLength(
  layout: Pick<PatchLayout, 'patchCount' | 'patchLength' | 'patchStride'>,
): number {
  return (layout.patchCount - 1) * layout.patchStride + layout.patchLength;
}

function checkPositive(code: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new PatchBertError(
      `ops/bad-${code}`,
      `patchLayout: ${name} ${value} is not usable; expected a whole number of points, 1 or more.`,
    );
  }
}
