import { gridWindowCount, type WindowGrid, windowGrid, windowPlace } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
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
 * @throws PatchBertError `data/too-few-rows` when no window fits; for the test part naming each recording without one, as
 * no recording may go unscored.
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

function partGrid(task: ForecastTask, part: Part, horizon: number): WindowGrid {
  const { panel, splits, contextLength } = task;
  const rows = splits.map((split) => split[part]);
  const earliest = panel.segments.map(({ start }) => start);
  const room = rows.map(({ start, end }, s) => {
    const from = part === 'train' ? start : Math.max(earliest[s]!, start - contextLength);
    return end - from >= contextLength + horizon;
  });
  const enough = part === 'test' ? room.every(Boolean) : room.some(Boolean);
  if (!enough) throw tooFewRows(task, part, horizon, room);
  return windowGrid(rows, {
    windowLength: contextLength + horizon,
    contextLength: part === 'train' ? 0 : contextLength,
    earliest,
  });
}

/** Most recordings an error names. */
const NAMED_RECORDINGS = 5;

function tooFewRows(
  { panel, splits, contextLength }: ForecastTask,
  part: Part,
  horizon: number,
  room: readonly boolean[],
): PatchBertError {
  const short = panel.segments.flatMap(({ id }, s) => {
    const { start, end } = splits[s]![part];
    return room[s] ? [] : [`${JSON.stringify(id)} (rows ${start} to ${end})`];
  });
  const named = short.slice(0, NAMED_RECORDINGS);
  if (short.length > NAMED_RECORDINGS) named.push(`${short.length - NAMED_RECORDINGS} more`);
  const others = panel.segments.length > 1 ? ', leave these recordings out' : '';
  return new PatchBertError(
    'data/too-few-rows',
    `forecast: the ${part} rows of ${named.join(', ')} hold no window of ${contextLength} rows of context and ${horizon} to predict; use more rows${others}, a shorter horizon or a shorter context.`,
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
