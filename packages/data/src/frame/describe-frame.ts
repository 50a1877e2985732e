import { inferTimeStep, stepsBetween } from '../times/time-step.ts';
import type { Frame } from './frame.ts';

/** What one channel holds; the numbers are NaN when every value is missing. */
export interface ChannelDescription {
  readonly name: string;
  /** Number of missing values. */
  readonly missing: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
}

export interface FrameDescription {
  readonly rows: number;
  readonly channels: readonly ChannelDescription[];
  /** ISO 8601, UTC. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** The most common step between rows, in seconds; of calendar months, the length of the first. */
  readonly intervalSeconds?: number;
  /** Steps between rows that differ from it: gaps, repeats and jumps back. */
  readonly irregularSteps?: number;
}

/**
 * Counts and ranges per channel and the time axis, for a report or a person; sums in float64.
 *
 * @example
 * const { rows, intervalSeconds } = describeFrame(frame);
 */
export function describeFrame(frame: Frame): FrameDescription {
  const channels = frame.channels.map((name, c) => describeChannel(name, frame.columns[c]!));
  const { times } = frame;
  if (times === undefined) return { rows: frame.length, channels };
  return {
    rows: frame.length,
    channels,
    firstTime: new Date(times.reduce((first, time) => Math.min(first, time))).toISOString(),
    lastTime: new Date(times.reduce((last, time) => Math.max(last, time))).toISOString(),
    ...describeSteps(times),
  };
}

function describeChannel(name: string, column: Float32Array): ChannelDescription {
  let [missing, sum, minimum, maximum] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column) {
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    sum += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const present = column.length - missing;
  if (present === 0) return { name, missing, minimum: Number.NaN, maximum: Number.NaN, mean: Number.NaN };
  return { name, missing, minimum, maximum, mean: sum / present };
}

function describeSteps(times: Float64Array): { intervalSeconds?: number; irregularSteps?: number } {
  const step = inferTimeStep(times);
  if (step === undefined) return {};
  let [usual, intervalSeconds] = [0, 0];
  for (let row = 1; row < times.length; row++) {
    if (stepsBetween(step, times[row - 1]!, times[row]!) !== 1) continue;
    if (usual === 0) intervalSeconds = (times[row]! - times[row - 1]!) / 1000;
    usual++;
  }
  return { intervalSeconds, irregularSteps: times.length - 1 - usual };
}
