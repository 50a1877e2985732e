import { type MonthlyStamps, monthIndex, monthlyStamps, monthStamp } from './months.ts';

/** The distance between rows: a duration, or whole calendar months (a quarter is 3 of them, a year 12). */
export type TimeStep =
  | { readonly kind: 'duration'; readonly milliseconds: number }
  | { readonly kind: 'months'; readonly months: number; readonly stamps: MonthlyStamps };

/** Time stamps come in whole milliseconds, whatever the interval is: they may be this far off. */
const ROUNDING = 1;

/**
 * The commonest step between ascending times; whole months when every time has the same place in its month. Undefined
 * for fewer than two times, or when no step is forward.
 */
export function inferTimeStep(times: Float64Array): TimeStep | undefined {
  const milliseconds = commonest(times.length - 1, (i) => times[i + 1]! - times[i]!);
  if (milliseconds === undefined) return undefined;
  const stamps = monthlyStamps(times);
  if (stamps === undefined) return { kind: 'duration', milliseconds };
  const months = commonest(times.length - 1, (i) => monthIndex(times[i + 1]!) - monthIndex(times[i]!));
  return months === undefined ? { kind: 'duration', milliseconds } : { kind: 'months', months, stamps };
}

/** The time `count` steps after `from`, which is one of the grid. */
export function addSteps(step: TimeStep, from: number, count: number): number {
  if (step.kind === 'duration') return Math.floor(from + count * step.milliseconds);
  return monthStamp(step.stamps, monthIndex(from) + count * step.months);
}

/** How many steps `time` lies after `from`; undefined between two steps. */
export function stepsBetween(step: TimeStep, from: number, time: number): number | undefined {
  const count =
    step.kind === 'duration'
      ? Math.round((time - from) / step.milliseconds)
      : (monthIndex(time) - monthIndex(from)) / step.months;
  if (!Number.isInteger(count)) return undefined;
  const rounding = step.kind === 'duration' ? Math.min(ROUNDING, step.milliseconds / 4) : 0;
  return Math.abs(addSteps(step, from, count) - time) <= rounding ? count : undefined;
}

/** The value that comes most often among those above 0, the smallest of several. */
function commonest(count: number, valueAt: (index: number) => number): number | undefined {
  const counts = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const value = valueAt(i);
    if (value > 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best: number | undefined;
  for (const [value, times] of counts) {
    const most = best === undefined ? 0 : counts.get(best)!;
    if (times > most || (times === most && value < best!)) best = value;
  }
  return best;
}

/** A step as messages show it, such as `15 minutes` or `3 months`. */
export function showStep(step: TimeStep): string {
  const [count, unit] = step.kind === 'months' ? [step.months, 'month'] : largestUnit(step.milliseconds);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function largestUnit(milliseconds: number): readonly [number, string] {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  for (const [unit, size] of units) {
    if (milliseconds % size === 0) return [milliseconds / size, unit];
  }
  return [milliseconds / 1000, 'second'];
}
