import { meanObserved } from './observed-points.ts';

/**
 * sMAPE over the observed points in percent, 0 to 200: `mean(200 |f - y| / (|f| + |y|))`, where 0/0 counts as 0
 * (Makridakis et al., "The M4 competition", 2020). It depends on where zero lies: use the original units.
 *
 * @param target NaN = not measured, not scored; the result is NaN when nothing was measured.
 * @throws PatchBertError `evaluation/different-lengths`, `evaluation/not-finite`.
 * @example
 * symmetricMeanAbsolutePercentageError([3, 0], [1, 0]); // 50
 */
export function symmetricMeanAbsolutePercentageError(
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
): number {
  return meanObserved('symmetricMeanAbsolutePercentageError', prediction, target, percentageError);
}

/** One point's part of sMAPE, in percent. */
export function percentageError(predicted: number, truth: number): number {
  const magnitude = Math.abs(predicted) + Math.abs(truth);
  return magnitude === 0 ? 0 : (200 * Math.abs(predicted - truth)) / magnitude;
}
