import { PatchBertError } from '@patchbert/errors';
import { checkWhole } from '../check-whole.ts';
import { lastValue } from './last-value.ts';

/**
 * The seasonal naive forecast: each step repeats the last observed value of its own phase, from an older season where
 * the newest is missing, and the last value of any phase where its own was never observed.
 *
 * @param context values in time order, any units, NaN = missing; at least one period long.
 * @param horizon steps to predict, 1 or more.
 * @param period rows of one season; 1 gives `lastValue`.
 * @param fallback what to predict when nothing was observed; default NaN, which scoring refuses.
 * @returns [horizon].
 * @throws PatchBertError `evaluation/bad-option`; `evaluation/short-context` when it holds no whole period.
 * @example
 * seasonalNaive(Float32Array.of(1, 2, 3, 4), 3, 2); // 3, 4, 3
 */
export function seasonalNaive(
  context: ArrayLike<number>,
  horizon: number,
  period: number,
  fallback: number = Number.NaN,
): Float32Array {
  checkWhole('seasonalNaive', 'period', period);
  const forecast = lastValue(context, horizon, fallback);
  const length = context.length;
  if (length < period) {
    throw new PatchBertError(
      'evaluation/short-context',
      `seasonalNaive: ${length} rows hold no whole period of ${period}; use a longer context or a shorter period.`,
    );
  }
  for (let step = 0; step < Math.min(period, horizon); step++) {
    let row = length - period + step;
    while (row >= 0 && Number.isNaN(context[row])) row -= period;
    if (row < 0) continue;
    for (let later = step; later < horizon; later += period) forecast[later] = context[row]!;
  }
  return forecast;
}
