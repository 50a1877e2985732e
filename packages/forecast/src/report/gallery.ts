import type { Predictor } from '../model/predictor.ts';
import { knownLevels, quantileForecast } from '../model/residual-quantiles.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample, ForecastWindows } from '../task/forecast-windows.ts';

/** One test window for a picture: values in the user's units, null = missing. */
export interface GalleryForecast {
  readonly horizon: number;
  readonly place: 'worst' | 'median' | 'best';
  readonly segment: string;
  readonly channel: string;
  readonly error: number;
  /** Context and horizon, milliseconds since 1970. */
  readonly times?: readonly number[];
  readonly context: readonly (number | null)[];
  readonly truth: readonly (number | null)[];
  readonly forecast: readonly number[];
  /** Left out by a forecaster that knows one quantile alone, or none. */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
  /** Share of values that should lie between lower and upper. */
  readonly level?: number;
  readonly linear?: readonly number[];
}

/** Between these, or as far as a quantile head of the network reaches. */
const [LOWEST, HIGHEST] = [0.1, 0.9];

export interface GalleryCollector {
  add(sample: ForecastSample, error: number): void;
  /** The worst, median and best windows, each from another channel where there are several. */
  forecasts(predictor: Predictor, task: ForecastTask): Promise<GalleryForecast[]>;
}

/** Remembers the error of every window, a number each; `add` is called for all of `windows` in their order. */
export function galleryCollector(perPlace: number, windows: ForecastWindows): GalleryCollector {
  const errors = new Float64Array(windows.count).fill(Number.NaN);
  let added = 0;
  return {
    add(_sample, error) {
      errors[added++] = error;
    },
    async forecasts(predictor, task) {
      const shown = (index: number) =>
        Number.isFinite(errors[index]!) && varies(task, windows.sample(index), predictor.model.horizon);
      const ascending = Uint32Array.from(errors.keys())
        .filter(shown)
        .sort((a, b) => errors[a]! - errors[b]!);
      if (ascending.length === 0) return [];
      const middle = ascending.length >> 1;
      const median = errors[ascending[middle]!]!;
      const aroundMiddle = ascending
        .slice(Math.max(0, middle - 200), middle + 200)
        .sort((a, b) => Math.abs(errors[a]! - median) - Math.abs(errors[b]! - median));
      const places = { worst: ascending.toReversed(), median: aroundMiddle, best: ascending };
      const chosen = (['worst', 'median', 'best'] as const).flatMap((place) =>
        distinct(places[place], perPlace, windows).map((index) => ({
          place,
          sample: windows.sample(index),
          error: errors[index]!,
        })),
      );
      const predictions = await predictor.predict(
        task,
        chosen.map(({ sample }) => sample),
      );
      return chosen.map(({ place, sample, error }, index) => {
        const { horizon } = predictor.model;
        const { frame, segments } = task.panel;
        const { start, channel, segment } = sample;
        const origin = start + task.contextLength;
        const row = (values: Float32Array) => [...values.subarray(index * horizon, (index + 1) * horizon)];
        const between = shownLevels(predictor);
        const bounds = between && quantileForecast(predictor, predictions, index, channel, between);
        const column = frame.columns[channel]!;
        const linear = predictions.linear && row(predictions.linear);
        return {
          horizon,
          place,
          segment: segments[segment]!.id,
          channel: frame.channels[channel]!,
          error,
          ...(frame.times && { times: [...frame.times.subarray(start, origin + horizon)] }),
          context: orNull(column.subarray(start, origin)),
          truth: orNull(column.subarray(origin, origin + horizon)),
          forecast: row(predictions.forecast),
          ...(bounds && {
            lower: [...bounds.subarray(0, horizon)],
            upper: [...bounds.subarray(horizon)],
            level: Number((between[1] - between[0]).toFixed(12)),
          }),
          ...(linear && { linear }),
        };
      });
    },
  };
}

function shownLevels({ model }: Predictor): readonly [number, number] | undefined {
  const known = knownLevels(model);
  if (known.length === 0) return undefined;
  const lower = Math.max(LOWEST, known[0]!);
  const upper = Math.min(HIGHEST, known.at(-1)!);
  return lower < upper ? [lower, upper] : undefined;
}

/** The first few of other channels than those before, then the first of the rest when there are not enough channels. */
function distinct(ordered: Uint32Array, count: number, windows: ForecastWindows): number[] {
  const chosen: number[] = [];
  const channels = new Set<number>();
  for (const index of ordered) {
    if (chosen.length === count) return chosen;
    const { channel } = windows.sample(index);
    if (!channels.has(channel)) chosen.push(index);
    channels.add(channel);
  }
  for (const index of ordered) {
    if (chosen.length === count) break;
    if (!chosen.includes(index)) chosen.push(index);
  }
  return chosen;
}

/** Whether anything happens in context and horizon: a flat line says nothing. */
function varies({ panel, contextLength }: ForecastTask, { channel, start }: ForecastSample, horizon: number) {
  const column = panel.frame.columns[channel]!;
  const origin = start + contextLength;
  return [column.subarray(start, origin), column.subarray(origin, origin + horizon)].every((values) => {
    const first = values.find((value) => !Number.isNaN(value));
    return values.some((value) => !Number.isNaN(value) && value !== first);
  });
}

function orNull(values: Float32Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
