import { checkWhole } from '../check-whole.ts';
import { lastObserved } from './observed-ends.ts';

/**
 * The naive forecast: the last observed value of the context at every step.
 *
 * @param context values in time order, any units, NaN = missing.
 * @param horizon steps to predict, 1 or more.
 * @param fallback what to predict when nothing was observed; default NaN, which scoring refuses: pass the mean of the
 * training rows, say.
 * @returns [horizon].
 * @throws PatchBertError `evaluation/bad-option` for a horizon below 1.
 * @example
 * lastValue(Float32Array.of(1, 2, Number.NaN), 2); // 2, 2
 */
export function lastValue(
  context: ArrayLike<number>,
  horizon: number,
  fallback: number = Number.NaN,
): Float32Array {
  checkWhole('lastValue', 'horizon', horizon);
  const last = lastObserved(context);
  return new Float32Array(horizon).fill(last < 0 ? fallback : context[last]!);
}
