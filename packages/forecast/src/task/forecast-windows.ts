import {
  gridWindowCount,
  type Rows,
  type WindowGrid,
  windowCount,
  windowGrid,
  windowPlace,
} from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { deriveKey, randomKey, uniforms } from '@patchbert/random';
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
 * @throws PatchBertError `data/too-few-rows` when no window fits, or when a recording has no test window: none may go
 * unscored.
 */
export function forecastWindows(task: ForecastTask, part: Part, horizon: number): ForecastWindows {
  const grid = partGrid(task, part, horizon);
  if (part === 'test') requireEverySeries(task, part, horizon);
  const channels = part === 'train' ? task.trained : task.scored;
  const windows = gridWindowCount(grid);
  return {
    count: windows * channels.length,
    windows,
    sample(index) {
      const { segment, start } = windowPlace(grid, Math.floor(index / channels.length));
      return { segment, start, channel: channels[index % channels.length]! };
    },
  };
}

/** @throws PatchBertError `data/too-few-rows` naming the recordings that have no window of a part. */
export function requireEverySeries(task: ForecastTask, part: Part, horizon: number): void {
  const { panel, splits, contextLength } = task;
  const short = panel.segments.filter(({ start }, s) => {
    const rows = splits[s]![part];
    const first = part === 'train' ? rows.start : Math.max(start, rows.start - contextLength);
    return rows.end - first < contextLength + horizon;
  });
  if (short.length === 0) return;
  const names = short.slice(0, 3).map(({ id }) => JSON.stringify(id));
  const others = short.length > 3 ? ` and ${short.length - 3} more` : '';
  throw new PatchBertError(
    'data/too-few-rows',
    `forecast: too few rows in ${names.join(', ')}${others}: no ${part} window of context ${contextLength} and horizon ${horizon} fits. Leave ${short.length === 1 ? 'it' : 'them'} out, or use a shorter context or horizon.`,
  );
}

function partGrid(
  { panel, splits, contextLength, trainFraction }: ForecastTask,
  part: Part,
  horizon: number,
): WindowGrid {
  const rows = splits.map((split) =>
    part === 'train' ? latestRows(split.train, contextLength + horizon, trainFraction) : split[part],
  );
  try {
    return windowGrid(rows, {
      windowLength: contextLength + horizon,
      contextLength: part === 'train' ? 0 : contextLength,
      earliest: panel.segments.map(({ start }) => start),
    });
  } catch (error) {
    if (!(error instanceof PatchBertError) || error.code !== 'data/too-few-rows') throw error;
    const longest = rows.reduce((most, { start, end }) => Math.max(most, end - start), 0);
    const needed =
      part === 'train' ? `${contextLength} + ${horizon}` : `${horizon}, with ${contextLength} before them`;
    throw new PatchBertError(
      'data/too-few-rows',
      `forecast: horizon ${horizon} does not fit: there are ${longest} ${part} rows${rows.length > 1 ? ' in the longest series' : ''}, expected at least ${needed}. Use a shorter horizon or context length, or more data.`,
    );
  }
}

/** The rows of the latest windows of a recording: the share `fraction` of them, at least one. */
function latestRows({ start, end }: Rows, windowLength: number, fraction: number): Rows {
  const count = windowCount(end - start, windowLength);
  if (count === 0) return { start, end };
  return { start: start + count - Math.max(1, Math.round(count * fraction)), end };
}

/** What the places of thinned samples are drawn from: the same samples whatever is fitted on them. */
const SPREAD_KEY = deriveKey(randomKey(0), 'forecast', 'spread');

/**
 * At most `most` samples, spread over all of them; every one when there are no more. The range is cut into as many equal
 * stretches and one sample drawn from each: a constant step would meet the same channel, or hour of the day, again and again.
 */
export function spreadSamples(windows: ForecastWindows, most: number): ForecastWindows {
  if (windows.count <= most) return windows;
  const places = uniforms(SPREAD_KEY, most);
  const border = (index: number) => Math.floor((index * windows.count) / most);
  return {
    count: most,
    windows: windows.windows,
    sample(index) {
      const first = border(index);
      return windows.sample(first + Math.floor(places[index]! * (border(index + 1) - first)));
    },
  };
}
