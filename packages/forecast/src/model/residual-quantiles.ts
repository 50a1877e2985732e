import { PatchBertError } from '@patchbert/errors';
import type { ForecastTask } from '../task/forecast-task.ts';
import { forecastWindows, spreadSamples } from '../task/forecast-windows.ts';
import type { ResidualQuantiles } from './horizon-model.ts';
import type { Predictions, Predictor } from './predictor.ts';

/** Levels that are kept; others are read off the straight lines between them. */
export const residualLevels = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
  0.85, 0.9, 0.95, 0.975, 0.99, 0.995,
];

/** Residuals kept at once, so that memory stays bounded. */
const MOST_RESIDUALS = 16_000_000;

/** Fewer windows of a channel than this say too little about its tails: all channels are then taken together. */
const FEWEST_WINDOWS = 100;

/**
 * Where truth lies around the forecasts of the validation windows, step by step, in deviations of each context: split
 * conformal prediction (Vovk et al. 2005) with the deviation of the context as the scale. Quantiles at a step ascend with
 * the level, so forecasts never cross.
 */
export async function residualQuantiles(
  predictor: Predictor,
  task: ForecastTask,
): Promise<ResidualQuantiles> {
  const { horizon } = predictor.model;
  const windows = forecastWindows(task, 'validation', horizon);
  const chosen = spreadSamples(windows, Math.max(FEWEST_WINDOWS, Math.floor(MOST_RESIDUALS / horizon)));
  const samples = Array.from({ length: chosen.count }, (_, index) => chosen.sample(index));
  const predictions = await predictor.predict(task, samples);
  const channelCount = task.panel.frame.channels.length;
  const perChannel = chosen.count / task.scored.length >= FEWEST_WINDOWS;
  const groups = perChannel ? channelCount : 1;
  const values = new Float32Array(groups * residualLevels.length * horizon);
  for (const group of perChannel ? task.scored : [0]) {
    const members = samples.flatMap(({ channel }, s) =>
      (!perChannel || channel === group) && predictions.deviations[s]! > 0 ? [s] : [],
    );
    const residuals = new Float32Array(members.length);
    for (let h = 0; h < horizon; h++) {
      let count = 0;
      for (const s of members) {
        const { start, channel } = samples[s]!;
        const truth = task.panel.frame.columns[channel]![start + task.contextLength + h]!;
        if (Number.isNaN(truth)) continue;
        residuals[count++] = (truth - predictions.forecast[s * horizon + h]!) / predictions.deviations[s]!;
      }
      const sorted = residuals.subarray(0, count).sort();
      residualLevels.forEach((level, q) => {
        values[(group * residualLevels.length + q) * horizon + h] = quantileOf(sorted, level);
      });
    }
  }
  return { levels: residualLevels, values, groups };
}

/** Linear between order statistics, as NumPy's default; 0 when there are none. */
function quantileOf(sorted: Float32Array, level: number): number {
  if (sorted.length === 0) return 0;
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/**
 * Quantiles of one forecast, `[levels * horizon]`, level after level, in the user's units. From the network's own quantile
 * head when it has one, else from the residuals of validation.
 *
 * @throws PatchBertError `forecast/no-quantiles` for a level outside those known.
 */
export function quantileForecast(
  { model }: Predictor,
  predictions: Predictions,
  index: number,
  channel: number,
  levels: readonly number[],
): Float32Array {
  const { horizon, residuals, network } = model;
  const own = predictions.offsets && network?.head.quantileLevels;
  const known = own ?? residuals?.levels;
  if (known === undefined) {
    throw new PatchBertError(
      'forecast/no-quantiles',
      'forecast: this forecaster was saved without quantiles; fit it again.',
    );
  }
  const result = new Float32Array(levels.length * horizon);
  const group = residuals && residuals.groups > 1 ? channel : 0;
  levels.forEach((level, q) => {
    const { below, above, share } = between(known, level);
    for (let h = 0; h < horizon; h++) {
      const offset = (k: number) =>
        own
          ? predictions.offsets![(index * horizon + h) * own.length + k]!
          : predictions.deviations[index]! * residuals!.values[(group * known.length + k) * horizon + h]!;
      const low = offset(below);
      result[q * horizon + h] =
        predictions.forecast[index * horizon + h]! + low + share * (offset(above) - low);
    }
  });
  return result;
}

function between(known: readonly number[], level: number): { below: number; above: number; share: number } {
  const above = known.findIndex((one) => one >= level - 1e-12);
  const first = known[0]!;
  const last = known[known.length - 1]!;
  if (above < 0 || level < first - 1e-12) {
    throw new PatchBertError(
      'forecast/no-quantiles',
      `forecast: quantile ${level} is not known; expected one between ${first} and ${last}.`,
    );
  }
  const below = Math.max(0, above - 1);
  const width = known[above]! - known[below]!;
  return { below, above, share: width === 0 ? 0 : (level - known[below]!) / width };
}
