import type { Panel, Rows, Split } from '@patchbert/data';
import { fitScaler } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { Exogenous } from './exogenous.ts';

/** The three parts of a split. */
export type Part = keyof Split;

/** Series, what is learned from them and what is scored: everything but the model. */
export interface ForecastTask {
  readonly panel: Panel;
  /** One per segment, in rows of the panel's frame. */
  readonly splits: readonly Split[];
  readonly contextLength: number;
  /** Channels whose windows train. */
  readonly trained: readonly number[];
  /** Channels whose windows choose and are scored. */
  readonly scored: readonly number[];
  /** Per segment, mean and deviation of each channel over its training rows: the units of the scores. */
  readonly units: readonly Units[];
  /** What a forecast may know of the future besides the context. */
  readonly exogenous: Exogenous;
  /** Share of the training windows to use, the latest ones; 1 for all. */
  readonly trainFraction: number;
}

export interface Units {
  readonly rows: Rows;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Units of every segment from its training rows alone. A channel that is empty or constant there gets the deviation 1.
 *
 * @throws PatchBertError `data/nothing-to-fit` when a channel that is scored has no value in the training rows.
 */
export function trainingUnits(
  { frame, segments }: Panel,
  splits: readonly Split[],
  scored: readonly number[],
): Units[] {
  return segments.map(({ id }, s) => {
    const rows = splits[s]!.train;
    const fitted = frame.columns.map((column, c) => {
      const values = column.subarray(rows.start, rows.end);
      if (values.every(Number.isNaN)) {
        if (!scored.includes(c)) return { mean: 0, scale: 1 };
        throw new PatchBertError(
          'data/nothing-to-fit',
          `forecast: channel ${JSON.stringify(frame.channels[c])} of ${JSON.stringify(id)} has no value in its training rows ${rows.start} to ${rows.end}; leave the channel out.`,
        );
      }
      const one = { ...frame, channels: [frame.channels[c]!], columns: [column] };
      const scaler = fitScaler(one, rows);
      return { mean: scaler.mean[0]!, scale: scaler.scale[0]! };
    });
    return { rows, mean: fitted.map(({ mean }) => mean), scale: fitted.map(({ scale }) => scale) };
  });
}
