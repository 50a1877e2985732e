import { PatchBertError } from '@patchbert/errors';
import { gridWindowCount, noWindow, type WindowGrid, windowPlace } from '../windows/window-grid.ts';

/** One channel of one window. */
export interface SeriesSample {
  /** First row of the window. */
  readonly start: number;
  readonly channel: number;
  /** Which segment of the grid the window lies in; 0 for a grid of one. */
  readonly segment: number;
  /** `start * channelCount + channel`: the same window has it on every grid, order and batch size. */
  readonly id: number;
}

/** `series` draws channels apart from each other; `windows` draws whole windows, all channels together. */
export type Sampling = 'series' | 'windows';

export interface SamplingOptions {
  readonly channelCount: number;
  readonly grid: WindowGrid;
  /** Samples of a batch: series, or windows of `channelCount` series each. */
  readonly batchSize: number;
  readonly sampling?: Sampling;
}

/** The units that are drawn: how many there are, how many series each holds, and how to write one out. */
export interface SamplingUnits {
  readonly count: number;
  readonly seriesPerUnit: number;
  append(unit: number, samples: SeriesSample[]): void;
}

/** @throws PatchBertError `data/bad-batch`, or `data/too-few-rows` for a grid without windows. */
export function samplingUnits(where: string, options: SamplingOptions): SamplingUnits {
  const { channelCount, grid, batchSize, sampling = 'series' } = options;
  for (const [name, value] of Object.entries({ channelCount, batchSize })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new PatchBertError(
        'data/bad-batch',
        `${where}: ${name} is ${value}; expected a whole number, 1 or more.`,
      );
    }
  }
  const windows = gridWindowCount(grid);
  if (windows === 0) throw noWindow(where, grid);
  const sample = (window: number, channel: number): SeriesSample => {
    const { segment, start } = windowPlace(grid, window);
    return { start, channel, segment, id: start * channelCount + channel };
  };
  if (sampling === 'series') {
    return {
      count: windows * channelCount,
      seriesPerUnit: 1,
      append: (unit, samples) => {
        samples.push(sample(Math.floor(unit / channelCount), unit % channelCount));
      },
    };
  }
  return {
    count: windows,
    seriesPerUnit: channelCount,
    append: (unit, samples) => {
      for (let channel = 0; channel < channelCount; channel++) samples.push(sample(unit, channel));
    },
  };
}
