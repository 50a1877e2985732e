/** Location and scale of one series. */
export interface InstanceStatistics {
  readonly mean: number;
  /** `sqrt(population variance + epsilon)`, never 0. */
  readonly scale: number;
}

/** Which part of `values` is the series. */
export interface InstanceRange {
  readonly start: number;
  readonly length: number;
  /** Inside the root; default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Mean and scale of one series over the points in use, in float64 and two passes, so that a large offset
 * costs no digits.
 *
 * Kim et al.: "Reversible instance normalization", ICLR 2022. A series without points in use gets mean 0 and scale
 * `sqrt(epsilon)`; NaN is never in use.
 *
 * @param values series in one array.
 * @param use as long as `values`, 1 = in use (observed and visible); everything when undefined.
 * @example
 * instanceStatistics(Float32Array.of(1, 3, NaN), undefined, { start: 0, length: 3 }); // mean 2, scale 1.000005
 */
export function instanceStatistics(
  values: Float32Array,
  use: Uint8Array | undefined,
  { start, length, epsilon = 1e-5 }: InstanceRange,
): InstanceStatistics {
  const end = start + length;
  let count = 0;
  let sum = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value) && (use === undefined || use[i] !== 0)) {
      sum += value;
      count++;
    }
  }
  if (count === 0) return { mean: 0, scale: Math.sqrt(epsilon) };
  const mean = sum / count;
  let squares = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value) && (use === undefined || use[i] !== 0))
      squares += (value - mean) * (value - mean);
  }
  return { mean, scale: Math.sqrt(squares / count + epsilon) };
}
