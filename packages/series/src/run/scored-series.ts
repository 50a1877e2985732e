import type { SeriesPoints } from '@patchbert/augment';
import { type Series, type SeriesSet, selectSeries } from '@patchbert/data';
import { deriveKey, type RandomKey } from '@patchbert/random';
import { beforeHiding, hideCells, pretrainingPoints } from '../input/hide-cells.ts';
import { type Moments, momentsOf } from '../input/prepare-series.ts';
import type { SeriesInputs } from '../input/series-inputs.ts';

/** Most series that a validation reads. */
const MOST_SERIES = 256;
/** Hidden share where pretraining hides nothing itself. */
const USUAL_RATIO = 0.5;

/** Series with fixed masks, the same at every validation. */
export interface ScoredSeries {
  readonly series: readonly Series[];
  readonly original: readonly SeriesPoints[];
  /** With whole cells hidden, as in pretraining; what is visible in `original` alone is scored. */
  readonly masked: readonly SeriesPoints[];
  /** Of each series and channel: a value times `deviation` plus `mean` is in the user's unit. */
  readonly units: readonly (readonly Moments[])[];
}

export interface ScoredSeriesOptions {
  readonly set: SeriesSet;
  /** Which series of the set may judge; up to 256 of them do, evenly spread. */
  readonly judges: readonly number[];
  readonly inputs: SeriesInputs;
  readonly maskRatio: number;
  readonly key: RandomKey;
}

export function scoredSeries({ set, judges, inputs, maskRatio, key }: ScoredSeriesOptions): ScoredSeries {
  const count = Math.min(MOST_SERIES, judges.length);
  const chosen = Array.from({ length: count }, (_, k) => judges[Math.floor((k * judges.length) / count)]!);
  const { series } = selectSeries(set, chosen);
  const hidden = pretrainingPoints({ ...set, series }, inputs).map((points, k) =>
    hideCells(points, inputs, maskRatio || USUAL_RATIO, deriveKey(key, 'validation', chosen[k]!)),
  );
  const model = beforeHiding(inputs.model);
  return {
    series,
    original: hidden.map(({ original }) => original),
    masked: hidden.map(({ masked }) => masked),
    units: hidden.map(({ units }, k) =>
      units.map(({ mean, deviation }, c) => {
        const before = momentsOf(series[k]!.values[c]!, model, inputs.scaler, c);
        return {
          mean: mean * before.deviation + before.mean,
          deviation: deviation * before.deviation,
        };
      }),
    ),
  };
}
