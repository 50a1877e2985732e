import type { SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { z } from 'zod';

const perChannel = z.array(z.number());

/** What scaling learned from the training series; plain JSON. */
export const seriesScalerSchema = z.strictObject({
  mean: perChannel,
  /** Population standard deviation; 1 for a constant channel. */
  deviation: perChannel,
});

export type SeriesScaler = Readonly<z.output<typeof seriesScalerSchema>>;

/**
 * Mean and deviation of each channel over every measured point of the training series, in float64.
 *
 * @throws PatchBertError `series/nothing-to-fit` when a channel is never measured.
 * @example
 * const scaler = fitSeriesScaler(train);
 */
export function fitSeriesScaler({ name, channels, series }: SeriesSet): SeriesScaler {
  const moments = channels.map((channel, c) => {
    const columns = series.map(({ values }) => values[c]!);
    const mean = average(columns, (value) => value);
    if (mean === undefined) {
      throw new PatchBertError(
        'series/nothing-to-fit',
        `fitSeriesScaler: channel ${JSON.stringify(channel)} of ${JSON.stringify(name)} has no value in any series; leave it out.`,
      );
    }
    const deviation = Math.sqrt(average(columns, (value) => (value - mean) ** 2)!);
    return { mean, deviation: deviation > 0 ? deviation : 1 };
  });
  return { mean: moments.map(({ mean }) => mean), deviation: moments.map(({ deviation }) => deviation) };
}

/** Mean over the measured points of all columns; undefined when there is none. */
function average(columns: readonly Float32Array[], of: (value: number) => number): number | undefined {
  let [count, sum] = [0, 0];
  for (const column of columns) {
    for (const value of column) {
      if (Number.isNaN(value)) continue;
      count++;
      sum += of(value);
    }
  }
  return count === 0 ? undefined : sum / count;
}
