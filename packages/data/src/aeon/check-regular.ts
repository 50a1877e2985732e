import type { LineError } from '../files/line-error.ts';
import { firstIrregular, type TimeKind } from '../times/first-irregular.ts';
import { showTime } from '../times/show-time.ts';

/** The points of one channel as they stand. */
export interface StampedValues {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Undefined without points. */
  readonly kind: TimeKind | undefined;
}

/** Refuses channels whose points are not one step apart, or that do not share their times. */
export function checkRegular(fail: LineError, line: number, channels: readonly StampedValues[]): void {
  const longest = channels.reduce((best, one) => (one.times.length > best.times.length ? one : best));
  const index = firstIrregular(longest.times, longest.kind ?? 'number');
  if (index > 0) {
    const show = (time: number) => (longest.kind === 'date' ? showTime(time) : String(time));
    throw irregular(
      fail,
      line,
      `channel ${channels.indexOf(longest) + 1} goes from ${show(longest.times[index - 1]!)} to ${show(longest.times[index]!)}, unlike its other steps`,
    );
  }
  channels.forEach(({ times, kind }, c) => {
    const differs = times.findIndex((time, i) => time !== longest.times[i]);
    if (differs < 0 && (kind === longest.kind || kind === undefined)) return;
    throw irregular(
      fail,
      line,
      `channels ${channels.indexOf(longest) + 1} and ${c + 1} have different times from point ${Math.max(differs, 0) + 1} on`,
    );
  });
}

function irregular(fail: LineError, line: number, problem: string): Error {
  return fail(
    line,
    `${problem}; expected points at equal steps, alike in every channel. Resample them, with ? where a value is missing.`,
    'data/irregular-times',
  );
}
