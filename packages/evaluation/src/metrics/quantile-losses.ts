import { PatchBertError } from '@patchbert/errors';
import { meanObserved, sumObserved } from './observed-points.ts';
import { checkLevels } from './quantile-levels.ts';

/** What a forecast says about one quantile level of each point. */
export interface QuantileForecast {
  /** In (0, 1): 0.1 = the truth should be below in one case of ten. */
  readonly level: number;
  /** One number per point, in the target's units. */
  readonly values: ArrayLike<number>;
}

/**
 * Pinball (quantile) loss over the observed points, `mean(max(q (y - f), (q - 1)(y - f)))`, without a factor 2
 * (Koenker & Bassett, 1978).
 *
 * @param level quantile level q in (0, 1).
 * @param target NaN = not measured, not scored; the result is NaN when nothing was measured.
 * @throws PatchBertError `evaluation/bad-levels`, `evaluation/different-lengths`, `evaluation/not-finite`.
 * @example
 * pinballLoss([0, 0], [10, -10], 0.9); // (9 + 1) / 2
 */
export function pinballLoss(prediction: ArrayLike<number>, target: ArrayLike<number>, level: number): number {
  checkLevels('pinballLoss', [level]);
  return meanObserved('pinballLoss', prediction, target, (f, y) => pinball(level, f, y));
}

/**
 * Weighted quantile loss of one level: `2 sum(pinball) / sum(|y|)` over the observed points.
 *
 * @returns NaN when the observed targets are all 0 or nothing was measured.
 * @throws PatchBertError `evaluation/bad-levels`, `evaluation/different-lengths`, `evaluation/not-finite`.
 * @example
 * weightedQuantileLoss([0, 0], [10, -10], 0.9); // 2 * 10 / 20
 */
export function weightedQuantileLoss(
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  level: number,
): number {
  checkLevels('weightedQuantileLoss', [level]);
  const where = 'weightedQuantileLoss';
  const loss = sumObserved(where, prediction, target, (f, y) => pinball(level, f, y)).sum;
  const magnitude = sumObserved(where, prediction, target, (_, y) => Math.abs(y)).sum;
  return magnitude === 0 ? Number.NaN : (2 * loss) / magnitude;
}

/**
 * Mean of the weighted quantile losses of several levels: the mean scaled CRPS of GluonTS and the benchmarks after it.
 *
 * @throws PatchBertError as `weightedQuantileLoss`; `evaluation/bad-levels` also without any level.
 * @example
 * meanWeightedQuantileLoss([{ level: 0.1, values: [1, 2] }, { level: 0.9, values: [4, 5] }], [2, 4]);
 */
export function meanWeightedQuantileLoss(
  forecasts: readonly QuantileForecast[],
  target: ArrayLike<number>,
): number {
  return meanOverLevels('meanWeightedQuantileLoss', forecasts, ({ level, values }) =>
    weightedQuantileLoss(values, target, level),
  );
}

/**
 * The continuous ranked probability score, in the target's units, from quantiles: `2 mean(pinball)` over levels and
 * observed points (Gneiting & Ranjan, 2011). The closer the levels, the closer to the integral.
 *
 * @throws PatchBertError as `pinballLoss`; `evaluation/bad-levels` also without any level.
 * @example
 * crpsFromQuantiles([{ level: 0.5, values: [1, 2] }], [2, 4]); // 1.5, the mean absolute error of a median
 */
export function crpsFromQuantiles(forecasts: readonly QuantileForecast[], target: ArrayLike<number>): number {
  return (
    2 *
    meanOverLevels('crpsFromQuantiles', forecasts, ({ level, values }) => pinballLoss(values, target, level))
  );
}

/** One point's pinball loss. */
export function pinball(level: number, predicted: number, truth: number): number {
  const difference = truth - predicted;
  return difference >= 0 ? level * difference : (level - 1) * difference;
}

function meanOverLevels(
  where: string,
  forecasts: readonly QuantileForecast[],
  score: (forecast: QuantileForecast) => number,
): number {
  if (forecasts.length === 0) {
    throw new PatchBertError('evaluation/bad-levels', `${where}: there are no quantiles; pass at least one.`);
  }
  return forecasts.reduce((sum, forecast) => sum + score(forecast), 0) / forecasts.length;
}
