import { PatchBertError } from '@patchbert/errors';
import type { Rows } from '../frame/rows.ts';
import { contextStart } from '../splitting/context-start.ts';

/** Windows of `windowLength` rows, one every `stride` rows of each segment, counted through all of them. */
export interface WindowGrid {
  /** The rows windows lie in, one range per recording; no window crosses from one to the next. */
  readonly segments: readonly Rows[];
  readonly windowLength: number;
  readonly stride: number;
  /** `[segments + 1]`: the number of windows before each segment; the last is that of all. */
  readonly windowsBefore: readonly number[];
}

export interface WindowGridOptions {
  /** Rows of one window: the context, or context plus horizon. */
  readonly windowLength: number;
  /** Rows between the starts of neighbouring windows; default 1. */
  readonly stride?: number;
  /** Let windows begin this many rows before the part, as validation and test windows do; default 0. */
  readonly contextLength?: number;
  /** Per segment, the first row that exists for it: `contextLength` does not reach before it; default 0. */
  readonly earliest?: readonly number[];
}

/** A window of a grid: which segment it lies in, and its first row. */
export interface WindowPlace {
  readonly segment: number;
  readonly start: number;
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
 * The windows of one part of a split, or of that part of every recording of a panel. A recording shorter than a window
 * has none.
 *
 * @throws PatchBertError `data/bad-window`; `data/too-few-rows` when no window fits anywhere.
 * @example
 * const test = windowGrid(split.test, { windowLength: 512 + 96, contextLength: 512 });
 * const panel = windowGrid(splits.map(({ train }) => train), { windowLength: 512 });
 */
export function windowGrid(rows: Rows | readonly Rows[], options: WindowGridOptions): WindowGrid {
  const { windowLength, stride = 1, contextLength = 0 } = options;
  const parts = isList(rows) ? rows : [rows];
  const earliest = options.earliest ?? parts.map(() => 0);
  if (earliest.length !== parts.length) {
    throw new PatchBertError(
      'data/bad-window',
      `windowGrid: earliest has ${earliest.length} rows for ${parts.length} segments; expected one per segment.`,
    );
  }
  const segments = parts.map((part, s) => {
    const start = Math.max(contextStart(part, contextLength), Math.min(earliest[s]!, part.start));
    return Object.freeze({ start, end: part.end });
  });
  const windowsBefore = [0];
  for (const { start, end } of segments) {
    const length = Math.max(0, end - start);
    windowsBefore.push(windowsBefore[windowsBefore.length - 1]! + windowCount(length, windowLength, stride));
  }
  const grid = { segments, windowLength, stride, windowsBefore };
  if (gridWindowCount(grid) === 0) throw noWindow('windowGrid', grid);
  return Object.freeze({
    ...grid,
    segments: Object.freeze(segments),
    windowsBefore: Object.freeze(windowsBefore),
  });
}

/** Number of windows of a grid. */
export function gridWindowCount({ windowsBefore }: WindowGrid): number {
  return windowsBefore[windowsBefore.length - 1]!;
}

/**
 * Segment and first row of the `index`-th window; a binary search over the segments.
 *
 * @throws PatchBertError `data/bad-window` when the grid has no such window.
 * @example
 * windowPlace(windowGrid([{ start: 0, end: 9 }, { start: 9, end: 20 }], { windowLength: 8 }), 2); // { segment: 1, start: 9 }
 */
export function windowPlace(grid: WindowGrid, index: number): WindowPlace {
  const { segments, stride, windowsBefore } = grid;
  const count = gridWindowCount(grid);
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new PatchBertError(
      'data/bad-window',
      `windowStart: there is no window ${index}; the grid has ${count}, counted from 0.`,
    );
  }
  let [segment, above] = [0, segments.length];
  while (above - segment > 1) {
    const middle = (segment + above) >>> 1;
    if (windowsBefore[middle]! <= index) segment = middle;
    else above = middle;
  }
  return { segment, start: segments[segment]!.start + (index - windowsBefore[segment]!) * stride };
}

/**
 * First row of the `index`-th window.
 *
 * @throws PatchBertError `data/bad-window` when the grid has no such window.
 * @example
 * windowStart(windowGrid({ start: 10, end: 30 }, { windowLength: 8, stride: 4 }), 2); // 18
 */
export function windowStart(grid: WindowGrid, index: number): number {
  return windowPlace(grid, index).start;
}

/** `data/too-few-rows`, with the rows there are. */
export function noWindow(where: string, { segments, windowLength }: WindowGrid): PatchBertError {
  const [first] = segments;
  const what =
    segments.length === 1
      ? `rows ${first!.start} to ${first!.end} hold`
      : `none of the ${segments.length} segments (the longest has ${longest(segments)} rows) holds`;
  const none = segments.length === 1 ? 'no' : 'a';
  return new PatchBertError(
    'data/too-few-rows',
    `${where}: ${what} ${none} window of ${windowLength} rows; use a longer part or shorter windows.`,
  );
}

function longest(segments: readonly Rows[]): number {
  return segments.reduce((most, { start, end }) => Math.max(most, end - start), 0);
}

function isList(rows: Rows | readonly Rows[]): rows is readonly Rows[] {
  return Array.isArray(rows);
}

function checkSize(where: string, what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new PatchBertError(
      'data/bad-window',
      `${where}: ${what} is ${value}; expected a whole number, ${least} or more.`,
    );
  }
}
