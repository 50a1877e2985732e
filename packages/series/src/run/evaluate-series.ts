import { baselines, type PretrainEvaluation } from '@patchbert/train';
import type { SeriesInputs } from '../input/series-inputs.ts';
import type { ScoredSeries } from './scored-series.ts';

/**
 * `evaluation.json`: the model of the last step against baselines, on the same hidden points. `maskedError` and
 * `meanAbsoluteError` are in scaled units, those of the model's inputs; `scaledError` in deviations of the channel over the training series.
 */
export interface SeriesEvaluation extends Omit<PretrainEvaluation, 'split'> {
  /** `training` where there were too few series to hold some out: the model has seen them. */
  readonly split: 'held-out' | 'training';
}

/** Mean squared error over the hidden, measured points; undefined when there is none. */
export function maskedError(
  { original, masked }: ScoredSeries,
  filled: readonly Float32Array[],
): number | undefined {
  let [count, squares] = [0, 0];
  original.forEach(({ values, visible }, s) => {
    for (let i = 0; i < values.length; i++) {
      if (!visible[i] || masked[s]!.visible[i]) continue;
      count++;
      squares += (filled[s]![i]! - values[i]!) ** 2;
    }
  });
  return count === 0 ? undefined : squares / count;
}

/**
 * Scores the model and the baselines on exactly the same points. Sums are float64 and weighted by points.
 *
 * @param filled what the model says, `[channels * length]` of each scored series.
 * @returns undefined when no point is hidden.
 */
export function evaluateSeries(
  scored: ScoredSeries,
  filled: readonly Float32Array[],
  inputs: SeriesInputs,
  facts: Pick<SeriesEvaluation, 'step' | 'split'>,
): SeriesEvaluation | undefined {
  const { channels, scaler } = inputs;
  const methods = ['model', ...Object.keys(baselines)];
  const sums = methods.map(() => channels.map(() => ({ squared: 0, absolute: 0, scaled: 0 })));
  const counts = new Float64Array(channels.length);
  scored.original.forEach(({ length, values, visible }, s) => {
    const seen = scored.masked[s]!.visible;
    channels.forEach((_, c) => {
      const part = <T extends Float32Array | Uint8Array>(row: T) =>
        row.subarray(c * length, (c + 1) * length) as T;
      const truth = part(values);
      const fills = [
        part(filled[s]!),
        ...Object.values(baselines).map((fill) => fill(truth.slice(), part(seen).slice())),
      ];
      const { deviation } = scored.units[s]![c]!;
      for (let point = 0; point < length; point++) {
        if (!visible[c * length + point] || seen[c * length + point]) continue;
        counts[c]!++;
        fills.forEach((fill, method) => {
          const error = fill[point]! - truth[point]!;
          const sum = sums[method]![c]!;
          sum.squared += error ** 2;
          sum.absolute += Math.abs(error);
          sum.scaled += ((error * deviation) / scaler.deviation[c]!) ** 2;
        });
      }
    });
  });
  const points = counts.reduce((sum, count) => sum + count, 0);
  if (points === 0) return undefined;
  const total = (method: number, part: 'squared' | 'absolute' | 'scaled') =>
    sums[method]!.reduce((sum, channel) => sum + channel[part], 0) / points;
  return {
    ...facts,
    series: scored.series.length,
    points,
    errors: methods.map((method, m) => ({
      method,
      maskedError: total(m, 'squared'),
      meanAbsoluteError: total(m, 'absolute'),
      scaledError: total(m, 'scaled'),
    })),
    errorsByChannel: channels.flatMap((channel, c) => {
      if (counts[c] === 0) return [];
      const errors = methods.map((method, m) => [method, sums[m]![c]!.squared / counts[c]!] as const);
      return [{ channel, points: counts[c]!, maskedError: Object.fromEntries(errors) }];
    }),
  };
}
