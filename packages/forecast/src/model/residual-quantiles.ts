import { PatchBertError } from '@patchbert/errors';
import type { ForecastTask } from '../task/forecast-task.ts';
import { type ForecastSample, forecastWindows, spreadSamples } from '../task/forecast-windows.ts';
import type { HorizonModel, ResidualQuantiles } from './horizon-model.ts';
import type { Predictions, Predictor } from './predictor.ts';

/** Levels that are kept; others are read off the straight lines between them. */
const residualLevels = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
  0.85, 0.9, 0.95, 0.975, 0.99, 0.995,
];

/** Residuals kept at once, so that memory stays bounded. */
const MOST_RESIDUALS = 16_000_000;

/** Samples that are predicted at a time. */
const CHUNK = 2048;

/** Fewer residuals of a channel at a step than this say too little about its tails: those of all channels are taken. */
const FEWEST_WINDOWS = 100;

/**
 * Where truth lies around the forecasts of the validation windows, step by step, in deviations of each context: in the manner
 * of split conformal prediction (Vovk et al. 2005) with the deviation of the context as the scale. Windows overlap and
 * quantiles are those of the residuals as they are, without the correction for their number, so nothing is guaranteed.
 * Quantiles at a step ascend with the level, so forecasts never cross.
 *
 * @returns nothing for a network with a quantile head, which has quantiles of its own, and when a step of the horizon has no
 * residual at all: a forecaster without quantiles says so, rather than intervals without width.
 */
export async function residualQuantiles(
  predictor: Predictor,
  task: ForecastTask,
): Promise<ResidualQuantiles | undefined> {
  const { horizon, network } = predictor.model;
  if (network?.head.quantileLevels !== undefined) return undefined;
  const windows = forecastWindows(task, 'validation', horizon);
  const chosen = spreadSamples(windows, Math.max(FEWEST_WINDOWS, Math.floor(MOST_RESIDUALS / horizon)));
  const samples = Array.from({ length: chosen.count }, (_, index) => chosen.sample(index));
  const residuals = await residualsOf(predictor, task, samples);
  const everySample = [...samples.keys()];
  const membersOf = new Map(task.scored.map((channel) => [channel, [] as number[]]));
  samples.forEach(({ channel }, s) => {
    membersOf.get(channel)!.push(s);
  });
  const perChannel = task.scored.length > 1 && chosen.count / task.scored.length >= FEWEST_WINDOWS;
  const groups = perChannel ? task.panel.frame.channels.length : 1;
  const values = new Float32Array(groups * residualLevels.length * horizon);
  const write = (group: number, h: number, sorted: Float32Array) =>
    residualLevels.forEach((level, q) => {
      values[(group * residualLevels.length + q) * horizon + h] = quantileOf(sorted, level);
    });
  for (let h = 0; h < horizon; h++) {
    const pooled = sortedAt(residuals, everySample, horizon, h);
    if (pooled.length === 0) return undefined;
    if (!perChannel) write(0, h, pooled);
    else {
      for (const [channel, members] of membersOf) {
        const own = sortedAt(residuals, members, horizon, h);
        write(channel, h, own.length >= FEWEST_WINDOWS ? own : pooled);
      }
    }
  }
  return { levels: residualLevels, values, groups };
}

/** `[samples * horizon]`: (truth - forecast) / deviation of the context; NaN without a truth or a deviation. */
async function residualsOf(
  predictor: Predictor,
  task: ForecastTask,
  samples: readonly ForecastSample[],
): Promise<Float32Array> {
  const { horizon } = predictor.model;
  const residuals = new Float32Array(samples.length * horizon);
  for (let first = 0; first < samples.length; first += CHUNK) {
    const chunk = samples.slice(first, first + CHUNK);
    const { forecast, deviations } = await predictor.predict(task, chunk);
    chunk.forEach(({ channel, start }, s) => {
      const truth = task.panel.frame.columns[channel]!.subarray(start + task.contextLength);
      const deviation = deviations[s]! > 0 ? deviations[s]! : Number.NaN;
      for (let h = 0; h < horizon; h++) {
        residuals[(first + s) * horizon + h] = (truth[h]! - forecast[s * horizon + h]!) / deviation;
      }
    });
  }
  return residuals;
}

/** The residuals of some samples at a step that are there, ascending. */
function sortedAt(
  residuals: Float32Array,
  members: readonly number[],
  horizon: number,
  h: number,
): Float32Array {
  const found = new Float32Array(members.length);
  let count = 0;
  for (const s of members) {
    const residual = residuals[s * horizon + h]!;
    if (!Number.isNaN(residual)) found[count++] = residual;
  }
  return found.subarray(0, count).sort();
}

/** Linear between order statistics, as NumPy's default. */
function quantileOf(sorted: Float32Array, level: number): number {
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** The levels between which a model offers quantiles, ascending; none for one that has no quantiles. */
export function knownLevels({ network, residuals }: HorizonModel): readonly number[] {
  return network?.head.quantileLevels ?? residuals?.levels ?? [];
}

/**
 * The levels to predict, ascending: those asked for, by default those of the configuration, or none where the model has none.
 *
 * @throws PatchBertError `forecast/no-quantiles` when some are asked for and the model has none.
 */
export function chosenLevels(
  model: HorizonModel,
  { quantileLevels }: { readonly quantileLevels: readonly number[] },
  asked: readonly number[] | undefined,
): number[] {
  const levels = asked ?? (knownLevels(model).length > 0 ? quantileLevels : []);
  if (levels.length > 0) requireLevels(model);
  return [...new Set(levels)].sort((a, b) => a - b);
}

function requireLevels(model: HorizonModel): void {
  if (knownLevels(model).length > 0) return;
  throw new PatchBertError(
    'forecast/no-quantiles',
    'forecast: this forecaster has no quantiles, as its validation rows left no residual at some step of the horizon; ask for none, or fit it with more measured validation rows.',
  );
}

/**
 * Quantiles of one forecast, `[levels * horizon]`, level after level, in the user's units. From the network's own quantile
 * head when it has one, else from the residuals of validation.
 *
 * @throws PatchBertError `forecast/no-quantiles` for a level outside those known, or when the model has none.
 */
export function quantileForecast(
  { model }: Predictor,
  predictions: Predictions,
  index: number,
  channel: number,
  levels: readonly number[],
): Float32Array {
  if (levels.length === 0) return new Float32Array();
  const { horizon, residuals, network } = model;
  const own = predictions.offsets && network?.head.quantileLevels;
  requireLevels(model);
  const known = knownLevels(model);
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

/**
 * Between which two known levels a level lies, and how far from the lower one.
 *
 * @throws PatchBertError `forecast/no-quantiles` when it is beyond them.
 */
export function between(
  known: readonly number[],
  level: number,
): { readonly below: number; readonly above: number; readonly share: number } {
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
