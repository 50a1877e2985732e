import { lastValue } from './last-value.ts';
import { firstObserved, lastObserved } from './observed-ends.ts';

/**
 * The drift forecast: the straight line through the first and the last observed value, continued (Hyndman &
 * Athanasopoulos, "Forecasting: principles and practice", 5.2). One observed value gives `lastValue`.
 *
 * @param context values in time order, any units, NaN = missing.
 * @param horizon steps to predict, 1 or more.
 * @param fallback what to predict when nothing was observed; default NaN, which scoring refuses.
 * @returns [horizon].
 * @throws PatchBertError `evaluation/bad-option` for a horizon below 1.
 * @example
 * drift(Float32Array.of(0, 5, 2), 2); // 3, 4
 */
export function drift(
  context: ArrayLike<number>,
  horizon: number,
  fallback: number = Number.NaN,
): Float32Array {
  const forecast = lastValue(context, horizon, fallback);
  const first = firstObserved(context);
  const last = lastObserved(context);
  if (first === last) return forecast;
  const slope = (context[last]! - context[first]!) / (last - first);
  // The last observed value may lie before the end of the context: the line is continued from its own row.
  return forecast.map((value, step) => value + slope * (context.length - last + step));
}
