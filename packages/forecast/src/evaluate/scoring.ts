import {
  createForecastAccumulator,
  drift,
  lastValue,
  seasonalNaive,
  seasonalScale,
  windowMean,
} from '@patchbert/evaluation';
import type { Predictor } from '../model/predictor.ts';
import { knownLevels, quantileForecast } from '../model/residual-quantiles.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample } from '../task/forecast-windows.ts';
import { LINEAR_RIDGE, type MethodResult } from './horizon-result.ts';
import { nothingToScore } from './nothing-to-score.ts';
import { pointErrors } from './point-errors.ts';

const TRANSFORMER = 'transformer';

export interface ScoringOptions {
  /** Where the windows lie. */
  readonly part: 'validation' | 'test';
  readonly quantileLevels: readonly number[];
  readonly seasonalPeriod: number;
  /** Other models that are scored on the same windows, by the name of the method. */
  readonly others?: Readonly<Record<string, Predictor>> | undefined;
  /** Called with every sample's squared error on the scored scale, for a gallery. */
  readonly onSample?: ((sample: ForecastSample, error: number) => void) | undefined;
}

/** Gathers scores of a model, its parts and the baselines; the model may be another one for each call. */
export interface Scoring {
  add(predictor: Predictor, samples: readonly ForecastSample[]): Promise<void>;
  /** @throws PatchBertError `forecast/nothing-to-score` when no target was measured. */
  result(): MethodResult[];
}

/** Begins to score models of the shape of the one given. */
export function startScoring(
  { model }: Predictor,
  task: ForecastTask,
  { part, quantileLevels, seasonalPeriod: period, onSample, others = {} }: ScoringOptions,
): Scoring {
  const { horizon } = model;
  const { panel, contextLength, units } = task;
  const accumulator = (levels?: readonly number[]) =>
    createForecastAccumulator({ horizon, channels: panel.frame.channels.length, quantileLevels: levels });
  const entry = (method: string, kind: MethodResult['kind']) => ({ method, kind, scores: accumulator() });
  const levels = knownLevels(model).length > 0 ? quantileLevels : undefined;
  const ours = accumulator(levels);
  const learned = [...partsOf(model), ...Object.keys(others).map((name) => [name, 'control'] as const)];
  const models = learned.map(([method, kind]) => entry(method, kind));
  const baselines = baselinesFor(period, contextLength);
  const simple = Object.keys(baselines).map((method) => entry(method, 'baseline'));
  const maseScale = maseScales(task, period);

  return {
    async add(predictor, samples) {
      const predictions = await predictor.predict(task, samples);
      const forecasts: Record<string, Float32Array | undefined> = {
        [TRANSFORMER]: predictions.network,
        [LINEAR_RIDGE]: predictions.linear,
      };
      for (const [name, other] of Object.entries(others)) {
        forecasts[name] = (await other.predict(task, samples)).forecast;
      }
      samples.forEach((sample, s) => {
        const { segment, channel, start } = sample;
        const column = panel.frame.columns[channel]!;
        const origin = start + contextLength;
        const scale = units[segment]!.scale[channel]!;
        const target = column.subarray(origin, origin + horizon);
        const common = { channel, target, scale, maseScale: maseScale(segment, channel) };
        const row = (values: Float32Array) => values.subarray(s * horizon, (s + 1) * horizon);
        const prediction = row(predictions.forecast);
        const quantiles = levels && quantileForecast(predictor, predictions, s, channel, levels);
        ours.add({ ...common, prediction, ...(quantiles && { quantiles }) });
        for (const { method, scores } of models) {
          scores.add({ ...common, prediction: row(forecasts[method]!) });
        }
        const context = column.subarray(start, origin);
        const fallback = units[segment]!.mean[channel]!;
        for (const { method, scores } of simple) {
          scores.add({ ...common, prediction: baselines[method]!(context, horizon, fallback) });
        }
        const { squares, points } = pointErrors(prediction, target, scale);
        onSample?.(sample, squares / points);
      });
    },
    result() {
      const entries = [{ method: ownName(model), kind: 'ours' as const, scores: ours }, ...models, ...simple];
      const methods = entries.map((one) => ({ ...one, scores: one.scores.result() }));
      if (methods[0]!.scores.points === 0) throw nothingToScore(task, part);
      return methods;
    },
  };
}

/** The parts of an average are its members; a linear part that does not count stands beside it. */
function partsOf({ network, linear, linearWeight }: Predictor['model']): [string, MethodResult['kind']][] {
  if (network === undefined || linear === undefined) return [];
  if (linearWeight === 0) return [[LINEAR_RIDGE, 'baseline']];
  return [
    [TRANSFORMER, 'member'],
    [LINEAR_RIDGE, 'member'],
  ];
}

function ownName({ network, linear, linearWeight }: Predictor['model']): string {
  if (network === undefined) return LINEAR_RIDGE;
  return linear && linearWeight > 0 ? 'average of both' : TRANSFORMER;
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
