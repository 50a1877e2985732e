import type { Predictor } from '../model/predictor.ts';
import { quantileForecast } from '../model/residual-quantiles.ts';
import type { ForecastTask } from '../task/forecast-task.ts';

/** The rows after the end of one recording. */
export interface Forecast {
  /** The recording: the id of a panel, the name of a single frame. */
  readonly id: string;
  readonly channels: readonly string[];
  /** Milliseconds since 1970 of the predicted rows, when the data have times. */
  readonly times?: Float64Array;
  /** `[channels][horizon]`, in the units of the data. */
  readonly mean: readonly Float32Array[];
  /** Ascending by level; they never cross. */
  readonly quantiles: readonly { readonly level: number; readonly columns: readonly Float32Array[] }[];
}

/** Predicts the appended rows of every recording of a `futureTask`, the first `horizon` of them. */
export async function predictNext(
  predictor: Predictor,
  task: ForecastTask,
  horizon: number,
  quantileLevels: readonly number[],
): Promise<Forecast[]> {
  const { frame, segments } = task.panel;
  const fitted = predictor.model.horizon;
  const samples = segments.flatMap(({ end }, segment) =>
    task.scored.map((channel) => ({ segment, channel, start: end - fitted - task.contextLength })),
  );
  const predictions = await predictor.predict(task, samples);
  return segments.map(({ id, end }, segment) => {
    const own = task.scored.map((_, c) => segment * task.scored.length + c);
    const quantilesOf = own.map((s) =>
      quantileForecast(predictor, predictions, s, samples[s]!.channel, quantileLevels),
    );
    return {
      id,
      channels: task.scored.map((channel) => frame.channels[channel]!),
      ...(frame.times && { times: frame.times.slice(end - fitted, end - fitted + horizon) }),
      mean: own.map((s) => predictions.forecast.slice(s * fitted, s * fitted + horizon)),
      quantiles: quantileLevels.map((level, q) => ({
        level,
        columns: quantilesOf.map((values) => values.slice(q * fitted, q * fitted + horizon)),
      })),
    };
  });
}
