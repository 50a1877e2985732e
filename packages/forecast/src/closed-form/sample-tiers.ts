import type { ForecastTask, Part } from '../task/forecast-task.ts';
import { type ForecastSample, forecastWindows, spreadSamples } from '../task/forecast-windows.ts';

/** Fewer samples of a horizon than this are not shared with others, so that it gets all there are. */
const FEWEST_SAMPLES = 1_000;

/** Samples to add before the sums of a horizon are complete. */
export interface SampleTier {
  readonly horizon: number;
  readonly samples: readonly ForecastSample[];
  /** Whether the sums begin anew: the samples of the longer horizons before are not among those of this one. */
  readonly fresh: boolean;
}

/**
 * The samples of several horizons, longest first: a window that holds the longest horizon holds the others too, so each
 * tier only adds the windows that fit its own horizon but not the longer ones. What a horizon is fitted on does not depend
 * on which others are asked for. Horizons stand alone where each has training windows or inputs of its own: with a part of the
 * training windows, with covariates, of which a longer horizon knows more, and with missing values, as a target is filled
 * and weighed by what was observed within its own horizon.
 *
 * @param most rows at most; more are thinned evenly.
 */
export function sampleTiers(
  task: ForecastTask,
  part: Part,
  horizons: readonly number[],
  most: number,
): SampleTier[] {
  const descending = [...new Set(horizons)].sort((a, b) => b - a);
  const isThinned = part === 'train' && task.trainFraction < 1;
  if (isThinned || task.exogenous.covariates.length > 0) {
    return separateTiers(task, part, descending, most);
  }
  const samples = everySample(spreadSamples(forecastWindows(task, part, 1), most));
  const room = ({ segment, start }: ForecastSample) =>
    task.splits[segment]![part].end - start - task.contextLength;
  const holding = (horizon: number) => samples.filter((sample) => room(sample) >= horizon);
  // Thinning may leave next to none of the few windows that hold a long horizon.
  const needsItsOwn = (horizon: number) =>
    holding(horizon).length < Math.min(FEWEST_SAMPLES, forecastWindows(task, part, horizon).count);
  const own = descending.filter(needsItsOwn);
  const shared = descending.filter((horizon) => !own.includes(horizon));
  const alone = hasMissing(task, part);
  return [
    ...separateTiers(task, part, own, most),
    ...shared.map((horizon, i) => ({
      horizon,
      samples: holding(horizon).filter((sample) => alone || i === 0 || room(sample) < shared[i - 1]!),
      fresh: alone || i === 0,
    })),
  ];
}

/** Every horizon on windows of its own. */
function separateTiers(
  task: ForecastTask,
  part: Part,
  horizons: readonly number[],
  most: number,
): SampleTier[] {
  return horizons.map((horizon) => {
    const windows = spreadSamples(forecastWindows(task, part, horizon), most);
    return { horizon, samples: everySample(windows), fresh: true };
  });
}

/** Whether a channel of the part has a missing value in its rows; other rows are not looked at. */
function hasMissing({ panel, splits, trained, scored }: ForecastTask, part: Part): boolean {
  const channels = part === 'train' ? trained : scored;
  return channels.some((channel) =>
    splits.some((split) => {
      const { start, end } = split[part];
      return panel.frame.columns[channel]!.subarray(start, end).some(Number.isNaN);
    }),
  );
}

function everySample({ count, sample }: { count: number; sample(index: number): ForecastSample }) {
  return Array.from({ length: count }, (_, index) => sample(index));
}
