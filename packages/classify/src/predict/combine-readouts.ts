import { probabilitiesOf } from '@patchbert/evaluation';
import { applyLinear, type FeatureMatrix } from '@patchbert/probe';
import type { Readouts } from '../member/member.ts';
import type { Target } from '../task/series-task.ts';

/**
 * Ridge scores lie between -1 and 1, so that softmax would hardly tell classes apart: they are taken times this, which puts them
 * on the scale of a trained head.
 */
export const RIDGE_SHARPNESS = 3;

/** What each readout of a member predicts: `[series, outputs]` probabilities, or values in the user's unit. */
export function readoutPredictions(
  features: FeatureMatrix,
  { head, ridge }: Readouts,
  target: Target,
): Record<keyof Readouts & string, Float64Array | undefined> {
  const asPrediction = (scores: Float64Array, sharpness: number) =>
    target.kind === 'class'
      ? probabilitiesOf(
          scores.map((score) => score * sharpness),
          target.classes.length,
        )
      : scores.map((score) => target.mean + score * target.deviation);
  return {
    head: head && asPrediction(applyLinear(head, features), 1),
    ridge: ridge && asPrediction(applyLinear(ridge, features), RIDGE_SHARPNESS),
  };
}

/** The mean of predictions of the same series. */
export function meanPrediction(predictions: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(predictions[0]!.length);
  for (const prediction of predictions) {
    for (let i = 0; i < mean.length; i++) mean[i]! += prediction[i]! / predictions.length;
  }
  return mean;
}
