import { PatchBertError } from '@patchbert/errors';

/** What a loss adds up to over the points that were measured. */
export interface ObservedSum {
  readonly sum: number;
  readonly points: number;
}

/** What one point adds to a score. */
export type PointLoss = (prediction: number, target: number, point: number) => number;

/** Sums `loss(prediction, target)` in float64 over the points whose target is not NaN. */
export function sumObserved(
  where: string,
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  loss: PointLoss,
): ObservedSum {
  checkSameLength(where, 'prediction', prediction, target);
  let sum = 0;
  let points = 0;
  for (let i = 0; i < target.length; i++) {
    const truth = target[i]!;
    if (Number.isNaN(truth)) continue;
    const predicted = prediction[i]!;
    checkFinite(where, i, predicted, truth);
    sum += loss(predicted, truth, i);
    points++;
  }
  return { sum, points };
}

/** The mean over observed points; NaN when there is none. */
export function meanObserved(
  where: string,
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  loss: PointLoss,
): number {
  const { sum, points } = sumObserved(where, prediction, target, loss);
  return sum / points;
}

/** Throws `evaluation/different-lengths` unless both hold the same number of points. */
export function checkSameLength(
  where: string,
  name: string,
  values: ArrayLike<number>,
  target: ArrayLike<number>,
): void {
  if (values.length !== target.length) {
    throw new PatchBertError(
      'evaluation/different-lengths',
      `${where}: ${name} has ${values.length} points, target ${target.length}; pass as many of one as of the other.`,
    );
  }
}

/** Throws `evaluation/not-finite`: a forecast that is no number must not drop out of a score unseen. */
export function checkFinite(where: string, index: number, predicted: number, truth: number): void {
  // The difference of two finite float64 numbers is NaN or infinite only when one of them is, or beyond 1e308.
  if (!Number.isFinite(predicted - truth)) {
    throw new PatchBertError(
      'evaluation/not-finite',
      `${where}: point ${index} has prediction ${predicted} for target ${truth}; expected finite numbers (a missing target is NaN).`,
    );
  }
}
