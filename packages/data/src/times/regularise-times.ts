import { PatchBertError } from '@patchbert/errors';
import { createFrame, type Frame } from '../frame/frame.ts';
import { showTime } from './show-time.ts';
import { addSteps, inferTimeStep, showStep, stepsBetween, type TimeStep } from './time-step.ts';

export interface RegulariseOptions {
  /** Milliseconds between rows, or `auto` (default): the commonest step; whole calendar months are recognised. */
  readonly interval?: 'auto' | number;
}

export interface RegularFrame {
  /** The given frame when no row was missing. */
  readonly frame: Frame;
  /** Number of rows that were added, all values missing. */
  readonly inserted: number;
  /** Milliseconds between rows; of monthly rows, those of the commonest month. */
  readonly intervalMs: number;
}

/** A typing error in one year must not fill the memory with empty rows. */
const LARGEST_GROWTH = 10;

/**
 * Makes gaps in time visible: every time stamp that is missing between the first and the last becomes a row of missing
 * values, so that rows are equally far apart. Nothing is moved or filled in.
 *
 * @throws PatchBertError `data/no-times`; `data/no-interval` for a single row or a bad interval; `data/time-order`,
 * `data/duplicate-times` or `data/irregular-times` naming the first row; `data/too-many-gaps` when more than 9 of 10 rows
 * would be empty.
 * @example
 * const { frame: regular, inserted } = regulariseTimes(frame);
 */
export function regulariseTimes(frame: Frame, { interval = 'auto' }: RegulariseOptions = {}): RegularFrame {
  const times = requireTimes('regulariseTimes', frame);
  requireAscending(frame, times);
  const step = stepOf(frame, times, interval);
  const rows = gridRows(frame, times, step);
  const intervalMs = intervalOf(step, times);
  const length = rows[rows.length - 1]! + 1;
  const inserted = length - frame.length;
  if (inserted === 0) return { frame, inserted, intervalMs };
  const regularTimes = Float64Array.from({ length }, (_, row) => addSteps(step, times[0]!, row));
  rows.forEach((row, i) => {
    regularTimes[row] = times[i]!;
  });
  const columns = frame.columns.map((column) => {
    const spread = new Float32Array(length).fill(Number.NaN);
    rows.forEach((row, i) => {
      spread[row] = column[i]!;
    });
    return spread;
  });
  return { frame: createFrame({ ...frame, columns, times: regularTimes }), inserted, intervalMs };
}

/** The times of a frame, or `data/no-times`. */
export function requireTimes(where: string, { name, times }: Frame): Float64Array {
  if (times !== undefined) return times;
  throw new PatchBertError(
    'data/no-times',
    `${where}: ${JSON.stringify(name)} has no time stamps; expected a frame with times, so name its timeColumn.`,
  );
}

function requireAscending({ name }: Frame, times: Float64Array): void {
  for (let row = 1; row < times.length; row++) {
    if (times[row]! > times[row - 1]!) continue;
    const isRepeat = times[row] === times[row - 1];
    throw new PatchBertError(
      isRepeat ? 'data/duplicate-times' : 'data/time-order',
      `regulariseTimes: ${JSON.stringify(name)} row ${row} has time ${showTime(times[row]!)}, ` +
        (isRepeat
          ? `as row ${row - 1} has; expected every time once. Remove the repeat, or, if these are several series, name their id column.`
          : `earlier than ${showTime(times[row - 1]!)} of the row before; expected rows in time order. Sort them first.`),
    );
  }
}

function stepOf({ name }: Frame, times: Float64Array, interval: 'auto' | number): TimeStep {
  const step =
    interval === 'auto' ? inferTimeStep(times) : ({ kind: 'duration', milliseconds: interval } as const);
  if (
    step !== undefined &&
    (step.kind === 'months' || (step.milliseconds > 0 && Number.isFinite(step.milliseconds)))
  ) {
    return step;
  }
  throw new PatchBertError(
    'data/no-interval',
    step === undefined
      ? `regulariseTimes: ${JSON.stringify(name)} has one row, so its interval cannot be seen; pass interval in milliseconds.`
      : `regulariseTimes: interval is ${interval}; expected a number of milliseconds above 0, or "auto".`,
  );
}

/** Row of each given row in the regular frame. */
function gridRows({ name, length }: Frame, times: Float64Array, step: TimeStep): Float64Array {
  const first = times[0]!;
  const rows = new Float64Array(length);
  let before = -1;
  times.forEach((time, i) => {
    const row = stepsBetween(step, first, time);
    if (row === undefined || row === before) throw irregular(name, i, time, first, step);
    if (row >= LARGEST_GROWTH * length) {
      throw new PatchBertError(
        'data/too-many-gaps',
        `regulariseTimes: ${JSON.stringify(name)} row ${i} of ${length}, ${showTime(time)}, would be row ${row} at an interval of ` +
          `${showStep(step)}; expected at most ${LARGEST_GROWTH} times the rows there are. Correct the time, or pass a longer interval.`,
      );
    }
    rows[i] = before = row;
  });
  return rows;
}

function irregular(name: string, row: number, time: number, first: number, step: TimeStep): PatchBertError {
  return new PatchBertError(
    'data/irregular-times',
    `regulariseTimes: ${JSON.stringify(name)} row ${row} has time ${showTime(time)}, which is no multiple of ${showStep(step)} after ` +
      `${showTime(first)} of the first row; expected equally spaced times. Resample the data, or pass another interval.`,
  );
}

function intervalOf(step: TimeStep, times: Float64Array): number {
  return step.kind === 'duration' ? step.milliseconds : addSteps(step, times[0]!, 1) - times[0]!;
}
