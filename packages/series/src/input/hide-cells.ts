import { maskCells, type SeriesPoints } from '@patchbert/augment';
import type { SeriesSet } from '@patchbert/data';
import type { RandomKey } from '@patchbert/random';
import type { SeriesModel } from '../config/series-model.ts';
import { type Moments, prepareSeries } from './prepare-series.ts';
import type { SeriesInputs } from './series-inputs.ts';

/** Scaled by their visible points, hidden ones are clipped at this many deviations, as windows are. */
const MOST_DEVIATIONS = 10;
/** A deviation below this share of the mean is rounding: the visible points are constant. */
const ROUNDING = 1e-6;

/** A series before and after cells of it were hidden, in one unit. */
export interface HiddenCells {
  readonly original: SeriesPoints;
  /** What is visible in `original` alone is to be reconstructed. */
  readonly masked: SeriesPoints;
  /** Of each channel: a value times `deviation` plus `mean` is in the unit of what was given. */
  readonly units: readonly Moments[];
}

/**
 * The model with which series are scaled before anything of them is hidden. Scaling of each series by itself must wait: its mean and
 * deviation would tell of the hidden points (`hideCells`).
 */
export function beforeHiding(model: SeriesModel): SeriesModel {
  return model.normalise === 'per-series' ? { ...model, normalise: 'train-set' } : model;
}

/**
 * Series of a set to hide cells of: what pretraining learns from.
 *
 * @throws PatchBertError `series/other-channels` as `prepareSeries`.
 * @example
 * const series = pretrainingPoints(train, inputs);
 */
export function pretrainingPoints(set: SeriesSet, { model, scaler }: SeriesInputs): SeriesPoints[] {
  return prepareSeries(set, beforeHiding(model), scaler);
}

/**
 * Hides a share of the cells of a patch's length. With `normalise: 'per-series'` both come out scaled by the mean and deviation of what is
 * left visible, so nothing hidden shows in the scaling.
 *
 * @param points as `pretrainingPoints` gives them.
 * @throws PatchBertError `augment/bad-option`.
 * @example
 * const { original, masked } = hideCells(points, inputs, 0.5, deriveKey(randomKey(0), 'mask', step, id));
 */
export function hideCells(
  points: SeriesPoints,
  { model }: Pick<SeriesInputs, 'model'>,
  share: number,
  key: RandomKey,
): HiddenCells {
  const masked = maskCells(points, { cellLength: model.patchLength, share }, key);
  const units = Array.from({ length: points.channels }, (_, c) =>
    model.normalise === 'per-series' ? visibleMoments(masked, c) : { mean: 0, deviation: 1 },
  );
  if (model.normalise !== 'per-series') return { original: points, masked, units };
  return { original: inUnits(points, units), masked: inUnits(masked, units), units };
}

function visibleMoments({ values, visible, length }: SeriesPoints, channel: number): Moments {
  const start = channel * length;
  const seen = values.subarray(start, start + length).filter((_, t) => visible[start + t] === 1);
  if (seen.length === 0) return { mean: 0, deviation: 1 };
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > ROUNDING * Math.abs(mean) ? deviation : 1 };
}

function inUnits(points: SeriesPoints, units: readonly Moments[]): SeriesPoints {
  const { length, visible } = points;
  const values = points.values.map((value, i) => {
    if (visible[i] === 0) return 0;
    const { mean, deviation } = units[Math.floor(i / length)]!;
    return Math.min(Math.max((value - mean) / deviation, -MOST_DEVIATIONS), MOST_DEVIATIONS);
  });
  return { ...points, values };
}
