import { PatchBertError } from '@patchbert/errors';
import { deriveKey, type RandomKey, uniforms } from '@patchbert/random';
import { checkWhole } from '../check-whole.ts';

export interface BootstrapOptions {
  /** Share of the distribution inside the interval; default 0.95. */
  readonly level?: number;
  /** Samples drawn; default 1,000. */
  readonly resamples?: number;
  /** Neighbours drawn together; default 1. Errors of overlapping windows depend on each other: use the horizon / stride. */
  readonly blockLength?: number;
  /** The interval is a function of the values, the options and this key. */
  readonly key: RandomKey;
}

export interface BootstrapInterval {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * How far the mean of `values` can be trusted: percentile bootstrap (Efron, 1979), in circular blocks when neighbours
 * depend on each other (Politis & Romano, 1992).
 *
 * @param values one number per window, say, in time order; any units.
 * @throws PatchBertError `evaluation/bad-option`, also for a value that is not finite.
 * @example
 * bootstrapInterval([0.3, 0.5, 0.4, 0.6], { key: randomKey(0) }); // { mean: 0.45, lower: ..., upper: ... }
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  { level = 0.95, resamples = 1000, blockLength = 1, key }: BootstrapOptions,
): BootstrapInterval {
  const where = 'bootstrapInterval';
  checkWhole(where, 'number of values', values.length);
  checkWhole(where, 'resamples', resamples);
  checkWhole(where, 'blockLength', blockLength);
  checkNumbers(where, values, level);
  const blockSums = circularBlockSums(values, Math.min(blockLength, values.length));
  const blocks = Math.ceil(values.length / blockLength);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    const draws = uniforms(deriveKey(key, 'bootstrap', resample), blocks);
    let sum = 0;
    for (let i = 0; i < blocks; i++) sum += blockSums[Math.floor(draws[i]! * values.length)]!;
    means[resample] = sum / (blocks * Math.min(blockLength, values.length));
  }
  means.sort();
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const tail = (1 - level) / 2;
  return { mean: sum / values.length, lower: quantile(means, tail), upper: quantile(means, 1 - tail) };
}

/** Sum of the `length` values from each place on, the end followed by the start. */
function circularBlockSums(values: ArrayLike<number>, length: number): Float64Array {
  const sums = new Float64Array(values.length);
  for (let start = 0; start < values.length; start++) {
    for (let i = 0; i < length; i++) sums[start]! += values[(start + i) % values.length]!;
  }
  return sums;
}

/** Linear interpolation between order statistics, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

function checkNumbers(where: string, values: ArrayLike<number>, level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `${where}: level is ${level}; expected a share between 0 and 1, such as 0.95.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new PatchBertError(
        'evaluation/bad-option',
        `${where}: value ${i} is ${values[i]}; leave out windows in which nothing was measured.`,
      );
    }
  }
}
