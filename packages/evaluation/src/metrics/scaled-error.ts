import { PatchBertError } from '@patchbert/errors';
import { checkWhole } from '../check-whole.ts';
import { meanAbsoluteError } from './point-errors.ts';

/**
 * The mean absolute error of a seasonal naive forecast inside the history, `mean(|x_t - x_(t-period)|)`: the
 * yardstick of MASE (Hyndman & Koehler, 2006). Pairs with a missing value are left out.
 *
 * @param history training values in time order, NaN = missing; never rows that are to be predicted.
 * @param period rows of one season; default 1, the last-value forecast.
 * @returns 0 for a flat history, NaN when no pair was observed.
 * @throws PatchBertError `evaluation/bad-option` for a period below 1.
 * @example
 * seasonalScale([1, 2, 4, 8]); // 7 / 3
 */
export function seasonalScale(history: ArrayLike<number>, period = 1): number {
  checkWhole('seasonalScale', 'period', period);
  let sum = 0;
  let pairs = 0;
  for (let i = period; i < history.length; i++) {
    const difference = Math.abs(history[i]! - history[i - period]!);
    if (Number.isNaN(difference)) continue;
    sum += difference;
    pairs++;
  }
  return sum / pairs;
}

/**
 * MASE of one series: mean absolute error over the observed points, divided by `scale` of `seasonalScale`. Below 1
 * is better than the naive forecast was inside the history. Average it over series.
 *
 * @returns NaN where it is not defined: nothing measured, or a scale of 0 (flat history) or NaN.
 * @throws PatchBertError `evaluation/different-lengths`, `evaluation/not-finite`; `evaluation/bad-scale` below 0.
 * @example
 * meanAbsoluteScaledError([9, 9], [8, 7], seasonalScale([1, 2, 4, 8])); // 1.5 / (7 / 3)
 */
export function meanAbsoluteScaledError(
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  scale: number,
): number {
  if (scale < 0) {
    throw new PatchBertError(
      'evaluation/bad-scale',
      `meanAbsoluteScaledError: scale is ${scale}; expected a mean of absolute differences, as seasonalScale gives it.`,
    );
  }
  const error = meanAbsoluteError(prediction, target);
  return scale === 0 ? Number.NaN : error / scale;
}
