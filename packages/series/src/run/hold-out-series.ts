import { deriveKey, type RandomKey, sampleWithoutReplacement } from '@patchbert/random';
import type { SeriesRunConfig } from './series-run-config.ts';

/** With fewer series than these none is spared to judge with. */
const FEWEST_SERIES = 50;

/** Which series are learned from, and which judge the model; ascending. */
export interface HeldOutSeries {
  readonly train: readonly number[];
  /** Empty when there are too few series: the training series judge. */
  readonly heldOut: readonly number[];
}

/**
 * Holds out a share of the series: a random one, or of windows of recordings the last ones. Windows that share points with a
 * held-out one are not learned from.
 */
export function holdOutSeries(
  series: number,
  { validationShare, data }: Pick<SeriesRunConfig, 'validationShare' | 'data'>,
  key: RandomKey,
): HeldOutSeries {
  const every = Array.from({ length: series }, (_, index) => index);
  if (series < FEWEST_SERIES) return { train: every, heldOut: [] };
  const count = Math.max(1, Math.round(validationShare * series));
  if (data.window !== undefined) {
    const overlapping = Math.ceil(data.window / (data.stride ?? data.window)) - 1;
    const first = series - count;
    return { train: every.slice(0, Math.max(1, first - overlapping)), heldOut: every.slice(first) };
  }
  const heldOut = [...sampleWithoutReplacement(deriveKey(key, 'held out'), series, count)];
  const isHeldOut = new Set(heldOut);
  return { train: every.filter((index) => !isHeldOut.has(index)), heldOut };
}
