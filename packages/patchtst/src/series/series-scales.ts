import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import type { SeriesRows } from './raw-series.ts';

/** Location and scale of every series `[B*C]`, in float64. */
export interface SeriesScales {
  readonly loc: Float64Array;
  readonly scale: Float64Array;
}

/** Added to the variance, inside the root. */
const VARIANCE_FLOOR = 1e-5;
/** Smallest scale of `mean`. */
const SMALLEST_MEAN = 1e-10;

/**
 * How Hugging Face's PatchTST scales series, over observed points:
 *
 * - `std`: mean and `sqrt(population variance + 1e-5)`; 0 and `sqrt(1e-5)` for a series that was never observed.
 * - `mean`: 0 and the mean absolute value, at least 1e-10; a series that was never observed takes that of its channel over the whole
 *   batch, so its result depends on the others.
 * - `none`: 0 and 1.
 */
export function seriesScales(
  { scaling, contextLength, channels }: PatchTSTConfig,
  rows: SeriesRows,
): SeriesScales {
  const series = rows.batch * channels;
  const loc = new Float64Array(series);
  const scale = new Float64Array(series).fill(1);
  if (scaling === 'none') return { loc, scale };
  const counts = new Float64Array(series);
  for (let s = 0; s < series; s++) {
    const { count, sum, absolute } = sums(rows, s * contextLength, contextLength);
    counts[s] = count;
    if (scaling === 'mean') {
      scale[s] = absolute;
      continue;
    }
    loc[s] = sum / Math.max(1, count);
    const squares = squaresAbout(loc[s]!, rows, s * contextLength, contextLength);
    scale[s] = Math.sqrt(squares / Math.max(1, count) + VARIANCE_FLOOR);
  }
  if (scaling === 'mean') divideByCounts(scale, counts, channels);
  return { loc, scale };
}

function sums({ values, observed }: SeriesRows, start: number, length: number) {
  let [count, sum, absolute] = [0, 0, 0];
  for (let i = start; i < start + length; i++) {
    if (observed[i] === 0) continue;
    count++;
    sum += values[i]!;
    absolute += Math.abs(values[i]!);
  }
  return { count, sum, absolute };
}

function squaresAbout(mean: number, { values, observed }: SeriesRows, start: number, length: number) {
  let squares = 0;
  for (let i = start; i < start + length; i++) {
    if (observed[i] !== 0) squares += (values[i]! - mean) ** 2;
  }
  return squares;
}

/** Sums of absolute values to means, in place. */
function divideByCounts(sumsOfSeries: Float64Array, counts: Float64Array, channels: number): void {
  for (let channel = 0; channel < channels; channel++) {
    let [sum, count] = [0, 0];
    for (let s = channel; s < counts.length; s += channels) {
      sum += sumsOfSeries[s]!;
      count += counts[s]!;
    }
    for (let s = channel; s < counts.length; s += channels) {
      const mean = counts[s]! > 0 ? sumsOfSeries[s]! / counts[s]! : sum / Math.max(1, count);
      sumsOfSeries[s] = Math.max(mean, SMALLEST_MEAN);
    }
  }
}
