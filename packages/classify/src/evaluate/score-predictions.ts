import { classIndices, type SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import {
  bootstrapInterval,
  classificationScores,
  predictedClasses,
  regressionScores,
} from '@patchbert/evaluation';
import { deriveKey, randomKey } from '@patchbert/random';
import type { Target } from '../task/series-task.ts';
import type { MethodResult } from './method-result.ts';

/** The truth about a set of series, for scoring. */
export type Truth =
  | { readonly kind: 'class'; readonly labels: Int32Array; readonly classes: number }
  | { readonly kind: 'value'; readonly values: Float64Array };

/**
 * @throws PatchBertError `data/no-labels`, `data/unknown-label`, `classify/no-targets`.
 */
export function truthOf(set: SeriesSet, target: Target): Truth {
  if (target.kind === 'class') {
    return { kind: 'class', labels: classIndices(set, target.classes), classes: target.classes.length };
  }
  if (set.targets === undefined) {
    throw new PatchBertError(
      'classify/no-targets',
      `evaluate: ${JSON.stringify(set.name)} has no values to score against; expected one number per series.`,
    );
  }
  return { kind: 'value', values: set.targets };
}

type Scored = Pick<MethodResult, 'classes' | 'values' | 'interval'>;

/** Scores of `[series, outputs]` predictions. */
export function scorePredictions(predictions: Float64Array, truth: Truth): Scored {
  const key = deriveKey(randomKey(0), 'bootstrap');
  if (truth.kind === 'class') {
    const { labels, classes } = truth;
    const right = Array.from(predictedClasses(predictions, classes), (predicted, i) =>
      Number(predicted === labels[i]),
    );
    return {
      classes: classificationScores({ probabilities: predictions, labels, classes }),
      interval: bootstrapInterval(right, { key }),
    };
  }
  const squares = Array.from(truth.values, (value, i) => (predictions[i]! - value) ** 2);
  const { mean, lower, upper } = bootstrapInterval(squares, { key });
  return {
    values: regressionScores({ predictions, targets: truth.values }),
    interval: { mean: Math.sqrt(mean), lower: Math.sqrt(lower), upper: Math.sqrt(upper) },
  };
}

/** What methods are compared by: accuracy, or the root mean squared error. */
export function headlineScore({ classes, values }: Scored): number {
  return classes ? classes.accuracy : values!.rmse;
}
