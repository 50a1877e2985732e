import { PatchBertError } from '@patchbert/errors';
import {
  createForecastAccumulator,
  drift,
  type ForecastAccumulator,
  lastValue,
  seasonalNaive,
  seasonalScale,
  windowMean,
} from '@patchbert/evaluation';
import type { Predictor } from '../model/predictor.ts';
import { quantileForecast } from '../model/residual-quantiles.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { type ForecastSample, type ForecastWindows, forecastWindows } from '../task/forecast-windows.ts';
import { type HorizonResult, LINEAR_RIDGE, type MethodResult, verdictOf } from './horizon-result.ts';

/** Samples that are predicted and scored at a time, so that memory stays bounded. */
const CHUNK = 2048;

export interface EvaluateOptions {
  readonly part: 'validation' | 'test';
  readonly quantileLevels: readonly number[];
  readonly seasonalPeriod: number;
  /** Other windows than all of the part, such as those of a backtest. */
  readonly windows?: ForecastWindows | undefined;
  /** Told about samples that are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Called with every sample's squared error on the scored scale, for a gallery. */
  readonly onSample?: ((sample: ForecastSample, error: number) => void) | undefined;
}

/**
 * Scores a model and the baselines on exactly the same windows of a part: every one, every scored channel.
 *
 * @throws PatchBertError `data/too-few-rows`; `forecast/nothing-to-score` when no target was measured.
 */
export async function evaluateWindows(
  predictor: Predictor,
  task: ForecastTask,
  options: EvaluateOptions,
): Promise<HorizonResult> {
  const began = performance.now();
  const { horizon } = predictor.model;
  const windows = options.windows ?? forecastWindows(task, options.part, horizon);
  const scoring = startScoring(predictor, task, options);
  for (let first = 0; first < windows.count; first += CHUNK) {
    const samples = [];
    for (let i = first; i < Math.min(first + CHUNK, windows.count); i++) samples.push(windows.sample(i));
    await scoring.add(predictor, samples);
    options.onProgress?.(first + samples.length, windows.count);
  }
  const methods = scoring.result();
  if (methods[0]!.scores.points === 0) throw nothingToScore(task, options.part);
  return {
    horizon,
    part: options.part,
    windows: windows.windows,
    seasonalPeriod: options.seasonalPeriod,
    methods,
    verdict: verdictOf(methods),
    seconds: (performance.now() - began) / 1000,
  };
}

function nothingToScore({ panel, scored }: ForecastTask, part: string): PatchBertError {
  const names = scored.slice(0, 12).map((channel) => panel.frame.channels[channel]);
  return new PatchBertError(
    'forecast/nothing-to-score',
    `forecast: the ${part} rows hold no value of ${names.join(', ')}${scored.length > 12 ? ', ...' : ''}; choose rows or channels with measured values.`,
  );
}

/** Gathers scores of a model, its parts and the baselines; the model may be another one for each call. */
export interface Scoring {
  add(predictor: Predictor, samples: readonly ForecastSample[]): Promise<void>;
  result(): MethodResult[];
}

export function startScoring(
  { model }: Predictor,
  task: ForecastTask,
  { quantileLevels, seasonalPeriod: period, onSample }: EvaluateOptions,
): Scoring {
  const { horizon } = model;
  const { panel, contextLength, units } = task;
  const accumulator = (levels?: readonly number[]) =>
    createForecastAccumulator({ horizon, channels: panel.frame.channels.length, quantileLevels: levels });
  const both = model.network !== undefined && model.linear !== undefined;
  const ours = accumulator(quantileLevels);
  const members = both ? { transformer: accumulator(), [LINEAR_RIDGE]: accumulator() } : {};
  const baselines = baselinesFor(period, contextLength);
  const simple = Object.fromEntries(Object.keys(baselines).map((name) => [name, accumulator()]));
  const maseScale = maseScales(task, period);

  return {
    async add(predictor, samples) {
      const predictions = await predictor.predict(task, samples);
      samples.forEach((sample, s) => {
        const { segment, channel, start } = sample;
        const column = panel.frame.columns[channel]!;
        const origin = start + contextLength;
        const scale = units[segment]!.scale[channel]!;
        const target = column.subarray(origin, origin + horizon);
        const common = { channel, target, scale, maseScale: maseScale(segment, channel) };
        const row = (values: Float32Array) => values.subarray(s * horizon, (s + 1) * horizon);
        const prediction = row(predictions.forecast);
        const quantiles = quantileForecast(predictor, predictions, s, channel, quantileLevels);
        ours.add({ ...common, prediction, quantiles });
        if (both) {
          members.transformer!.add({ ...common, prediction: row(predictions.network!) });
          members[LINEAR_RIDGE]!.add({ ...common, prediction: row(predictions.linear!) });
        }
        const context = column.subarray(start, origin);
        const fallback = units[segment]!.mean[channel]!;
        for (const [name, forecast] of Object.entries(baselines)) {
          simple[name]!.add({ ...common, prediction: forecast(context, horizon, fallback) });
        }
        onSample?.(sample, squaredError(prediction, target, scale));
      });
    },
    result: () => [
      { method: ownName(model), kind: 'ours', scores: ours.result() },
      ...results('member', members),
      ...results('baseline', simple),
    ],
  };
}

function ownName({ network, linear }: Predictor['model']): string {
  return network && linear ? 'average of both' : network ? 'transformer' : LINEAR_RIDGE;
}

function results(
  kind: MethodResult['kind'],
  accumulators: Readonly<Record<string, ForecastAccumulator>>,
): MethodResult[] {
  return Object.entries(accumulators).map(([method, one]) => ({ method, kind, scores: one.result() }));
}

type Forecast = (context: Float32Array, horizon: number, fallback: number) => Float32Array;

function baselinesFor(period: number, contextLength: number): Readonly<Record<string, Forecast>> {
  const seasonal: Forecast = (context, horizon, fallback) =>
    seasonalNaive(context, horizon, period, fallback);
  return {
    ...(period > 1 && period <= contextLength && { [`seasonal naive (${period})`]: seasonal }),
    'last value': lastValue,
    drift,
    'window mean': windowMean,
  };
}

function maseScales({ panel, splits }: ForecastTask, period: number) {
  const known = new Map<string, number | undefined>();
  return (segment: number, channel: number): number | undefined => {
    const key = `${segment} ${channel}`;
    if (!known.has(key)) {
      const { start, end } = splits[segment]!.train;
      const history = panel.frame.columns[channel]!.subarray(start, end);
      known.set(key, history.length > period ? seasonalScale(history, period) : undefined);
    }
    return known.get(key);
  };
}

/** Mean squared error of one forecast on the scored scale; NaN when nothing was observed. */
function squaredError(prediction: Float32Array, target: Float32Array, scale: number): number {
  let [sum, count] = [0, 0];
  for (let h = 0; h < target.length; h++) {
    if (Number.isNaN(target[h])) continue;
    sum += ((prediction[h]! - target[h]!) / scale) ** 2;
    count++;
  }
  return sum / count;
}
