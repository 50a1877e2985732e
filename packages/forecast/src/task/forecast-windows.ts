import { gridWindowCount, type WindowGrid, windowGrid, windowPlace } from '@patchbert/data';
import type { ForecastTask, Part } from './forecast-task.ts';

/** One channel of one window: `contextLength` rows from `start`, then the rows to predict. */
export interface ForecastSample {
  readonly segment: number;
  readonly start: number;
  readonly channel: number;
}

/** Samples of one part that can be counted and read in any order. */
export interface ForecastWindows {
  /** Windows x channels. */
  readonly count: number;
  /** Windows, all channels together. */
  readonly windows: number;
  sample(index: number): ForecastSample;
}

/**
 * Every window of a part whose horizon lies inside it, times the channels that train or are scored. Training windows lie
 * inside the training rows; those of validation and test begin one context early, so that every row is a target.
 *
 * @throws PatchBertError `data/too-few-rows` when no window fits.
 */
export function forecastWindows(task: ForecastTask, part: Part, horizon: number): ForecastWindows {
  const grid = partGrid(task, part, horizon);
  const channels = part === 'train' ? task.trained : task.scored;
  const all = gridWindowCount(grid);
  const kept = part === 'train' ? Math.max(1, Math.round(all * task.trainFraction)) : all;
  const first = all - kept;
  return {
    count: kept * channels.length,
    windows: kept,
    sample(index) {
      const { segment, start } = windowPlace(grid, first + Math.floor(index / channels.length));
      return { segment, start, channel: channels[index % channels.length]! };
    },
  };
}

function partGrid({ panel, splits, contextLength }: ForecastTask, part: Part, horizon: number): WindowGrid {
  return windowGrid(
    splits.map((split) => split[part]),
    {
      windowLength: contextLength + horizon,
      contextLength: part === 'train' ? 0 : contextLength,
      earliest: panel.segments.map(({ start }) => start),
    },
  );
}

/** At most `most` samples, evenly spread over all of them; every one when there are no more. */
export function spreadSamples(windows: ForecastWindows, most: number): ForecastWindows {
  if (windows.count <= most) return windows;
  const step = windows.count / most;
  return {
    count: most,
    windows: windows.windows,
    sample: (index) => windows.sample(Math.floor((index + 0.5) * step)),
  };
}
