import type { SeriesSet } from '@patchbert/data';
import { predictedClasses } from '@patchbert/evaluation';
import type { Target } from '../task/series-task.ts';

/** What is predicted of one series. */
export type SeriesPrediction = ClassPrediction | ValuePrediction;

export interface ClassPrediction {
  readonly id: string;
  readonly label: string;
  /** In the order of the classes; they add up to 1. */
  readonly probabilities: readonly number[];
}

export interface ValuePrediction {
  readonly id: string;
  /** In the unit of the training values. */
  readonly value: number;
}

/** `[series, outputs]` numbers as one prediction per series. */
export function seriesPredictions(
  predictions: Float64Array,
  { series }: SeriesSet,
  target: Target,
): SeriesPrediction[] {
  if (target.kind === 'value') return series.map(({ id }, i) => ({ id, value: predictions[i]! }));
  const count = target.classes.length;
  const predicted = predictedClasses(predictions, count);
  return series.map(({ id }, i) => ({
    id,
    label: target.classes[predicted[i]!]!,
    probabilities: Array.from(predictions.subarray(i * count, (i + 1) * count)),
  }));
}
