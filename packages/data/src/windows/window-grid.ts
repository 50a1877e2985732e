import { PatchBertError } from '@patchbert/errors';
import type { Rows } from '../frame/rows.ts';
import { contextStart } from '../splitting/context-start.ts';

/** Windows of `windowLength` rows inside `start` to `end`, one every `stride` rows. */
export interface WindowGrid {
  readonly start: number;
  readonly end: number;
  readonly windowLength: number;
  readonly stride: number;
}

export interface WindowGridOptions {
  /** Rows of one window: the context, or context plus horizon. */
  readonly windowLength: number;
  /** Rows between the starts of neighbouring windows; default 1. */
  readonly stride?: number;
  /** Let windows begin this many rows before the part, as validation and test windows do; default 0. */
  readonly contextLength?: number;
}

/**
 * The number of windows of `windowLength` rows in `rows` rows, one every `stride` rows; 0 when none fits.
 *
 * @throws PatchBertError `data/bad-window`.
 * @example
 * windowCount(512 + 2880, 512 + 96); // 2,785: the ETTh test windows at context 512, horizon 96
 */
export function windowCount(rows: number, windowLength: number, stride = 1): number {
  checkSize('windowCount', 'rows', rows, 0);
  checkSize('windowCount', 'windowLength', windowLength, 1);
  checkSize('windowCount', 'stride', stride, 1);
  return rows < windowLength ? 0 : Math.floor((rows - windowLength) / stride) + 1;
}

/**
 * The windows of one part of a split.
 *
 * @throws PatchBertError `data/bad-window`; `data/too-few-rows` when no window fits.
 * @example
 * const test = windowGrid(split.test, { windowLength: 512 + 96, contextLength: 512 });
 */
export function windowGrid(
  rows: Rows,
  { windowLength, stride = 1, contextLength = 0 }: WindowGridOptions,
): WindowGrid {
  const start = contextStart(rows, contextLength);
  if (windowCount(rows.end - start, windowLength, stride) === 0) {
    throw new PatchBertError(
      'data/too-few-rows',
      `windowGrid: rows ${start} to ${rows.end} hold no window of ${windowLength} rows; use a longer part or shorter windows.`,
    );
  }
  return Object.freeze({ start, end: rows.end, windowLength, stride });
}

/** Number of windows of a grid. */
export function gridWindowCount(grid: WindowGrid): number {
  return windowCount(grid.end - grid.start, grid.windowLength, grid.stride);
}

/**
 * First row of the `index`-th window.
 *
 * @throws PatchBertError `data/bad-window` when the grid has no such window.
 * @example
 * windowStart({ start: 10, end: 30, windowLength: 8, stride: 4 }, 2); // 18
 */
export function windowStart(grid: WindowGrid, index: number): number {
  const count = gridWindowCount(grid);
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new PatchBertError(
      'data/bad-window',
      `windowStart: there is no window ${index}; the grid has ${count}, counted from 0.`,
    );
  }
  return grid.start + index * grid.stride;
}

function checkSize(where: string, what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new PatchBertError(
      'data/bad-window',
      `${where}: ${what} is ${value}; expected a whole number, ${least} or more.`,
    );
  }
}
