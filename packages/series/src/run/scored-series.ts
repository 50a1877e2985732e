import { maskCells, type SeriesPoints } from '@patchbert/augment';
import { type Series, type SeriesSet, selectSeries } from '@patchbert/data';
import { deriveKey, type RandomKey } from '@patchbert/random';
import { prepareSeries } from '../input/prepare-series.ts';
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
  const original = prepareSeries({ ...set, series }, inputs.model, inputs.scaler);
  const options = { cellLength: inputs.model.patchLength, share: maskRatio || USUAL_RATIO };
  const masked = original.map((points, k) =>
    maskCells(points, options, deriveKey(key, 'validation', chosen[k]!)),
  );
  return { series, original, masked };
}
