import { PatchBertError } from '@patchbert/errors';
import { percentageError } from '../metrics/percentage-error.ts';
import type { CentralInterval } from '../metrics/quantile-levels.ts';
import { pinball } from '../metrics/quantile-losses.ts';
import type { ForecastWindow } from './forecast-window.ts';
import type { ScoreSums } from './score-sums.ts';
import type { StepSums } from './step-sums.ts';

// A window is summed on its own before it joins the total: rounding then grows with windows + horizon, not with their
// product, and stays below 1e-10 of the sum for a million windows in any order.

/** Adds the errors of a window's forecast to its channel's sums and to the steps'. */
export function addPoints(sums: ScoreSums, steps: StepSums, window: ForecastWindow): void {
  const { prediction, target, scale, maseScale } = window;
  let points = 0;
  let squared = 0;
  let absolute = 0;
  let originalSquared = 0;
  let originalAbsolute = 0;
  let percentage = 0;
  for (let step = 0; step < target.length; step++) {
    const truth = target[step]!;
    if (Number.isNaN(truth)) continue;
    const predicted = prediction[step]!;
    const error = Math.abs(predicted - truth);
    const scaled = error / scale;
    points++;
    squared += scaled * scaled;
    absolute += scaled;
    originalSquared += error * error;
    originalAbsolute += error;
    const percent = percentageError(predicted, truth);
    percentage += percent;
    steps.points[step]! += 1;
    steps.squared[step]! += scaled * scaled;
    steps.absolute[step]! += scaled;
    steps.originalSquared[step]! += error * error;
    steps.originalAbsolute[step]! += error;
    steps.percentage[step]! += percent;
  }
  sums.windows++;
  sums.points += points;
  sums.squared += squared;
  sums.absolute += absolute;
  sums.originalSquared += originalSquared;
  sums.originalAbsolute += originalAbsolute;
  sums.percentage += percentage;
  if (points > 0 && maseScale !== undefined && maseScale > 0) {
    sums.seasonal += originalAbsolute / points / maseScale;
    sums.seasonalWindows++;
  }
}

/** Adds a window's quantiles, [levels, horizon], to its channel's sums and to the steps'. */
export function addQuantiles(
  sums: ScoreSums,
  steps: StepSums,
  { target, scale }: ForecastWindow,
  quantiles: Float32Array,
  levels: readonly number[],
  intervals: readonly CentralInterval[],
): void {
  const horizon = target.length;
  let magnitude = 0;
  for (let step = 0; step < horizon; step++) {
    const truth = target[step]!;
    if (Number.isNaN(truth)) continue;
    magnitude += Math.abs(truth);
    steps.magnitude[step]! += Math.abs(truth);
    if (crosses(quantiles, step, horizon)) sums.crossings++;
    for (let i = 0; i < intervals.length; i++) {
      const { lower, upper } = intervals[i]!;
      const inside =
        quantiles[lower * horizon + step]! <= truth && truth <= quantiles[upper * horizon + step]!;
      if (!inside) continue;
      sums.inside[i]! += 1;
      steps.inside[i]![step]! += 1;
    }
  }
  sums.magnitude += magnitude;
  for (let level = 0; level < levels.length; level++) {
    let loss = 0;
    for (let step = 0; step < horizon; step++) {
      const truth = target[step]!;
      if (Number.isNaN(truth)) continue;
      const atStep = pinball(levels[level]!, quantiles[level * horizon + step]!, truth);
      loss += atStep;
      steps.pinball[step]! += atStep / scale;
      steps.originalPinball[step]! += atStep;
    }
    sums.pinball[level]! += loss / scale;
    sums.originalPinball[level]! += loss;
  }
}

/** Throws `evaluation/not-finite` before anything is added, so that a refused window leaves no trace. */
export function checkNumbers({ channel, prediction, target, quantiles }: ForecastWindow): void {
  for (let step = 0; step < target.length; step++) {
    const truth = target[step]!;
    if (Number.isNaN(truth)) continue;
    if (!Number.isFinite(prediction[step]! - truth)) {
      throw notFinite(channel, step, `prediction ${prediction[step]} for target ${truth}`);
    }
    for (let at = step; at < (quantiles?.length ?? 0); at += target.length) {
      if (!Number.isFinite(quantiles![at]!)) throw notFinite(channel, step, `quantile ${quantiles![at]}`);
    }
  }
}

function crosses(quantiles: Float32Array, step: number, horizon: number): boolean {
  for (let at = step + horizon; at < quantiles.length; at += horizon) {
    if (quantiles[at]! < quantiles[at - horizon]!) return true;
  }
  return false;
}

function notFinite(channel: number, step: number, what: string): PatchBertError {
  return new PatchBertError(
    'evaluation/not-finite',
    `ForecastAccumulator.add: channel ${channel}, step ${step} has ${what}; expected finite numbers (a missing target is NaN).`,
  );
}
