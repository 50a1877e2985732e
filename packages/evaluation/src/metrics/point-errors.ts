import { meanObserved } from './observed-points.ts';

/**
 * Mean squared error over the observed points, `mean((f - y)^2)`, in float64.
 *
 * @param prediction any number of points, in the order of `target`.
 * @param target NaN = not measured, not scored; the result is NaN when nothing was measured.
 * @throws PatchBertError `evaluation/different-lengths`; `evaluation/not-finite` for a forecast that is no number.
 * @example
 * meanSquaredError([1, 2, 9], [1, 4, Number.NaN]); // 2
 */
export function meanSquaredError(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  return meanObserved('meanSquaredError', prediction, target, squared);
}

/**
 * Mean absolute error over the observed points, `mean(|f - y|)`, in float64; else as `meanSquaredError`.
 *
 * @throws PatchBertError `evaluation/different-lengths`, `evaluation/not-finite`.
 * @example
 * meanAbsoluteError([1, 2, 9], [1, 4, Number.NaN]); // 1
 */
export function meanAbsoluteError(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  return meanObserved('meanAbsoluteError', prediction, target, absolute);
}

/**
 * Root of the mean squared error over the observed points, in the target's units; else as `meanSquaredError`.
 *
 * @throws PatchBertError `evaluation/different-lengths`, `evaluation/not-finite`.
 * @example
 * rootMeanSquaredError([0, 0], [3, -3]); // 3
 */
export function rootMeanSquaredError(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  return Math.sqrt(meanObserved('rootMeanSquaredError', prediction, target, squared));
}

function squared(predicted: number, truth: number): number {
  return (predicted - truth) ** 2;
}

function absolute(predicted: number, truth: number): number {
  return Math.abs(predicted - truth);
}
