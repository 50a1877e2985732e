import { checkWhole } from '../check-whole.ts';
import { autocorrelation, rise } from './autocorrelation.ts';
import { detrend } from './detrend.ts';
import { explainedShare, fold } from './fold.ts';
import { standsOutOfRedNoise } from './red-noise.ts';

export interface DetectPeriodOptions {
  /** Periods to choose from, in rows, such as 24 and 168 for hourly data; default: every lag. */
  readonly candidates?: readonly number[] | undefined;
  /** Longest period looked for, in rows; default 400. A third of the values is the limit in any case. */
  readonly maximum?: number | undefined;
}

/** A peak of the autocorrelation lower than this is of no use to a forecast, however certain. */
const LEAST_RISE = 0.05;

/** A lag that explains this share of what the best one does is taken instead when it is shorter: a day, not a week. */
const ENOUGH = 0.7;

/**
 * The season of a series: among the lags at which the autocorrelation peaks, and which stand out of red noise (a random
 * walk has lags with high autocorrelation, and no season), the shortest whose phases explain about as much as any.
 *
 * A straight line and slow movement (a moving mean over twice the longest lag) are removed first. Without candidates
 * a peak may be off by a tenth: its lag is the one nearby whose phases explain most, which is sharper.
 *
 * @param values training rows in time order, any units, NaN = missing.
 * @returns rows of one season, 2 or more; undefined when nothing repeats.
 * @throws PatchBertError `evaluation/bad-option` for a candidate or maximum below 2.
 * @example
 * detectPeriod(Float32Array.from({ length: 480 }, (_, hour) => Math.sin((2 * Math.PI * hour) / 24))); // 24
 */
export function detectPeriod(
  values: ArrayLike<number>,
  { candidates, maximum = 400 }: DetectPeriodOptions = {},
): number | undefined {
  checkWhole('detectPeriod', 'maximum', maximum, 2);
  for (const candidate of candidates ?? []) checkWhole('detectPeriod', 'a candidate', candidate, 2);
  const longest = Math.min(maximum, Math.floor(values.length / 3));
  if (longest < 2) return undefined;
  const residual = detrend(values, longest);
  if (!exceedsRounding(residual, values)) return undefined;

  const correlation = autocorrelation(residual, Math.ceil(1.5 * longest));
  const lags = candidates ?? Array.from({ length: longest - 1 }, (_, i) => i + 2);
  const peaks = lags.filter((lag) => lag <= longest && rise(correlation, lag) >= LEAST_RISE);
  const sharp = candidates ? peaks : peaks.map((lag) => sharpened(residual, lag, longest));
  const seasons = [...new Set(sharp)]
    .filter((lag) => standsOutOfRedNoise(residual, lag, correlation[1]!))
    .map((lag) => ({ lag, explained: explainedShare(fold(residual, lag)) }));
  const enough = ENOUGH * Math.max(...seasons.map(({ explained }) => explained));
  const period = Math.min(...seasons.filter(({ explained }) => explained >= enough).map(({ lag }) => lag));
  return Number.isFinite(period) ? period : undefined;
}

/** The lag within a tenth of `period` whose phases explain most. */
function sharpened(residual: Float64Array, period: number, longest: number): number {
  const reach = Math.max(1, Math.floor(period / 10));
  let best = period;
  let most = explainedShare(fold(residual, period));
  for (let lag = Math.max(2, period - reach); lag <= Math.min(longest, period + reach); lag++) {
    const explained = explainedShare(fold(residual, lag));
    if (explained > most) {
      best = lag;
      most = explained;
    }
  }
  return best;
}

/** Whether there is more in the residual than the rounding of float32, which repeats on a straight line. */
function exceedsRounding(residual: Float64Array, values: ArrayLike<number>): boolean {
  return largestMagnitude(residual) > 1e-6 * largestMagnitude(values);
}

function largestMagnitude(numbers: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (Math.abs(numbers[i]!) > largest) largest = Math.abs(numbers[i]!);
  }
  return largest;
}
