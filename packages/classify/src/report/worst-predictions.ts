import type { SeriesSet } from '@patchbert/data';
import type { FeatureMatrix } from '@patchbert/probe';
import { standardise } from '@patchbert/probe';
import type { ClassPrediction, ValuePrediction } from '../predict/series-prediction.ts';
import { type Shown, shownChannels, shownNumber } from './shown-series.ts';

/** A series and what was predicted of it, as a page draws it. */
export interface ShownPrediction {
  readonly title: string;
  readonly id: string;
  readonly truth: string;
  readonly predicted: string;
  /** Of the predicted class; null for values. */
  readonly probability: Shown;
  readonly channels: readonly { readonly name: string; readonly values: readonly Shown[] }[];
}

export interface ShownMistake extends ShownPrediction {
  /** Of the same class and predicted right: the one that is nearest to it for the encoder. */
  readonly nearest?: ShownPrediction;
}

const MOST_MISTAKES = 6;

/** The series put in a wrong class with the highest probability, each beside the nearest one of its class that was right. */
export function confidentMistakes(
  set: SeriesSet,
  predictions: readonly ClassPrediction[],
  features: FeatureMatrix,
): ShownMistake[] {
  const truth = set.labels!;
  const probability = (i: number) => Math.max(...predictions[i]!.probabilities);
  const isRight = (i: number) => predictions[i]!.label === truth[i];
  const wrong = indicesOf(set)
    .filter((i) => !isRight(i))
    .sort((a, b) => probability(b) - probability(a))
    .slice(0, MOST_MISTAKES);
  if (wrong.length === 0) return [];
  const distance = distancesOf(features);
  const shown = (i: number): ShownPrediction => ({
    ...shownSeries(set, i),
    truth: truth[i]!,
    predicted: predictions[i]!.label,
    probability: shownNumber(probability(i)),
  });
  return wrong.map((i) => {
    const right = indicesOf(set).filter((other) => truth[other] === truth[i] && isRight(other));
    const nearest = leastOf(right, (other) => distance(i, other));
    return { ...shown(i), ...(nearest !== undefined && { nearest: shown(nearest) }) };
  });
}

/** The series whose value was predicted farthest off. */
export function largestErrors(set: SeriesSet, predictions: readonly ValuePrediction[]): ShownMistake[] {
  const truth = set.targets!;
  const error = (i: number) => Math.abs(predictions[i]!.value - truth[i]!);
  return indicesOf(set)
    .sort((a, b) => error(b) - error(a))
    .slice(0, MOST_MISTAKES)
    .map((i) => ({
      ...shownSeries(set, i),
      truth: String(shownNumber(truth[i]!)),
      predicted: String(shownNumber(predictions[i]!.value)),
      probability: null,
    }));
}

function shownSeries(set: SeriesSet, index: number) {
  const series = set.series[index]!;
  return { title: `series ${series.id}`, id: series.id, channels: shownChannels(series, set) };
}

function indicesOf({ series }: SeriesSet): number[] {
  return series.map((_, index) => index);
}

/** Squared distance of two series in standardised features. */
function distancesOf({ values, rows, columns }: FeatureMatrix): (one: number, other: number) => number {
  const standard = standardise({ values, rows, columns });
  return (one, other) => {
    let sum = 0;
    for (let column = 0; column < standard.columns; column++) {
      sum +=
        (standard.values[one * standard.columns + column]! -
          standard.values[other * standard.columns + column]!) **
        2;
    }
    return sum;
  };
}

function leastOf(candidates: readonly number[], measure: (index: number) => number): number | undefined {
  let [best, least]: [number | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const candidate of candidates) {
    const measured = measure(candidate);
    if (measured < least) [best, least] = [candidate, measured];
  }
  return best;
}
