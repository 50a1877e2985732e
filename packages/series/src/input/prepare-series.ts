import type { SeriesPoints } from '@patchbert/augment';
import type { Series, SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { SeriesModel } from '../config/series-model.ts';
import type { SeriesScaler } from './series-scaler.ts';

/**
 * Series as tokens are cut from them: scaled, pooled, of the model's length, with what is visible marked. What is missing,
 * or beyond the end of a series, is 0 and not visible; a longer series is cut at the model's length.
 *
 * A series depends on its own points and the scaler alone, so it is the same in any set.
 *
 * @throws PatchBertError `series/other-channels` when the set has another number of channels than the scaler.
 * @example
 * const [first] = prepareSeries(test, model, fitSeriesScaler(train));
 */
export function prepareSeries(set: SeriesSet, model: SeriesModel, scaler: SeriesScaler): SeriesPoints[] {
  if (set.channels.length !== scaler.mean.length) {
    throw new PatchBertError(
      'series/other-channels',
      `prepareSeries: ${JSON.stringify(set.name)} has ${set.channels.length} channels, and the model was made for ` +
        `${scaler.mean.length}. Pass series of the same channels, in the same order.`,
    );
  }
  return set.series.map((series) => prepare(series, model, scaler));
}

function prepare({ values: columns }: Series, model: SeriesModel, scaler: SeriesScaler): SeriesPoints {
  const { length, pooling } = model;
  const channels = columns.length;
  const values = new Float32Array(channels * length);
  const visible = new Uint8Array(channels * length);
  columns.forEach((column, c) => {
    const read = column.subarray(0, length * pooling);
    const { mean, deviation } = momentsOf(read, model, scaler, c);
    for (let point = 0; point < length; point++) {
      let [count, sum] = [0, 0];
      const end = Math.min(column.length, (point + 1) * pooling);
      for (let i = point * pooling; i < end; i++) {
        const value = column[i]!;
        if (Number.isNaN(value)) continue;
        count++;
        sum += value;
      }
      if (count === 0) continue;
      values[c * length + point] = (sum / count - mean) / deviation;
      visible[c * length + point] = 1;
    }
  });
  return { channels, length, values, visible };
}

/** What values are scaled by: `(value - mean) / deviation`. */
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

/** What the values of a channel of a series are scaled by. */
export function momentsOf(
  column: Float32Array,
  { normalise }: SeriesModel,
  scaler: SeriesScaler,
  channel: number,
): Moments {
  switch (normalise) {
    case 'train-set':
      return { mean: scaler.mean[channel]!, deviation: scaler.deviation[channel]! };
    case 'per-series':
      return ownMoments(column);
    case 'none':
      return { mean: 0, deviation: 1 };
  }
}

function ownMoments(column: Float32Array): Moments {
  const measured = column.filter((value) => !Number.isNaN(value));
  if (measured.length === 0) return { mean: 0, deviation: 1 };
  const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
  const variance = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0) / measured.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}
