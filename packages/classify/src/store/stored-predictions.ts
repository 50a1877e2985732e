import type { SeriesSet } from '@patchbert/data';
import type { ClassPrediction, SeriesPrediction, ValuePrediction } from '../predict/series-prediction.ts';
import type { Target } from '../task/series-task.ts';

/** `predictions.json`: the prediction of each test series beside the truth. */
export type StoredPrediction =
  | (ClassPrediction & { readonly truth: string })
  | (ValuePrediction & { readonly truth: number });

export function storedPredictions(
  predictions: readonly SeriesPrediction[],
  { labels, targets }: SeriesSet,
  { kind }: Target,
): StoredPrediction[] {
  return predictions.map((prediction, i) =>
    kind === 'class'
      ? { ...(prediction as ClassPrediction), truth: labels![i]! }
      : { ...(prediction as ValuePrediction), truth: targets![i]! },
  );
}
