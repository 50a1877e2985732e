import { checkWhole } from '../check-whole.ts';

/**
 * The mean of the observed values of the context (in float64) at every step.
 *
 * @param context values in any units, NaN = missing.
 * @param horizon steps to predict, 1 or more.
 * @param fallback what to predict when nothing was observed; default NaN, which scoring refuses.
 * @returns [horizon].
 * @throws PatchBertError `evaluation/bad-option` for a horizon below 1.
 * @example
 * windowMean(Float32Array.of(1, Number.NaN, 3), 2); // 2, 2
 */
export function windowMean(
  context: ArrayLike<number>,
  horizon: number,
  fallback: number = Number.NaN,
): Float32Array {
  checkWhole('windowMean', 'horizon', horizon);
  let sum = 0;
  let observed = 0;
  for (let i = 0; i < context.length; i++) {
    if (Number.isNaN(context[i])) continue;
    sum += context[i]!;
    observed++;
  }
  return new Float32Array(horizon).fill(observed === 0 ? fallback : sum / observed);
}
