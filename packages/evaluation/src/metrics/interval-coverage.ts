import { checkFinite, checkSameLength, meanObserved } from './observed-points.ts';

/**
 * The share of the observed points that lie in [lower, upper], bounds included: 0 to 1, NaN when nothing was measured.
 *
 * @param lower one bound per point of `target`.
 * @param upper one bound per point; a point whose bounds are crossed holds nothing.
 * @throws PatchBertError `evaluation/different-lengths`, `evaluation/not-finite`.
 * @example
 * intervalCoverage([0, 0], [1, 1], [0.5, 2]); // 0.5
 */
export function intervalCoverage(
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  target: ArrayLike<number>,
): number {
  checkSameLength('intervalCoverage', 'upper', upper, target);
  return meanObserved('intervalCoverage', lower, target, (bound, truth, point) => {
    checkFinite('intervalCoverage', point, upper[point]!, truth);
    return bound <= truth && truth <= upper[point]! ? 1 : 0;
  });
}
