import { inferTimeStep } from './time-step.ts';

/** A cycle of the calendar. */
export type CalendarCycle = 'hour-of-day' | 'day-of-week' | 'day-of-year';

/** Sine and cosine of the place in each cycle: known for any time, past or future. */
export interface CalendarFeatures {
  /** The cycles used: pass them on to get the same features for other times. */
  readonly cycles: readonly CalendarCycle[];
  /** Two per cycle, such as `hour-of-day (sine)`. */
  readonly names: readonly string[];
  /** One column per name, one value per time, -1 to 1. */
  readonly columns: readonly Float32Array[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Cycle {
  /** The place in the cycle, 0 to 1. */
  readonly phase: (time: number) => number;
  /** The longest interval between rows that tells places of the cycle apart: half of it. */
  readonly resolvedBy: number;
}

const cyclesByName: Readonly<Record<CalendarCycle, Cycle>> = {
  'hour-of-day': { phase: (time) => fraction(time / DAY), resolvedBy: 12 * HOUR },
  // 1970-01-01 was a Thursday; weeks begin on Monday.
  'day-of-week': { phase: (time) => fraction((time / DAY + 3) / 7), resolvedBy: 3.5 * DAY },
  'day-of-year': { phase: phaseOfYear, resolvedBy: 184 * DAY },
};

/**
 * Where each time stands in the day, the week and the year, in UTC, as sines and cosines: 23:00 is near 0:00. The place
 * moves within hours and days, so that minutes tell apart.
 *
 * @param times milliseconds since 1970-01-01 UTC.
 * @param which default: the cycles that the commonest step between the times can tell places of apart.
 * @example
 * const { columns, cycles } = calendarFeatures(frame.times!);
 * const ahead = calendarFeatures(futureTimes(frame, 24), cycles);
 */
export function calendarFeatures(
  times: Float64Array,
  which: readonly CalendarCycle[] = resolvedCycles(times),
): CalendarFeatures {
  const turns = which.map((name) => times.map((time) => 2 * Math.PI * cyclesByName[name].phase(time)));
  return {
    cycles: [...which],
    names: which.flatMap((name) => [`${name} (sine)`, `${name} (cosine)`]),
    columns: turns.flatMap((angles) => [
      Float32Array.from(angles, Math.sin),
      Float32Array.from(angles, Math.cos),
    ]),
  };
}

function resolvedCycles(times: Float64Array): CalendarCycle[] {
  const step = inferTimeStep(times);
  if (step === undefined) return [];
  const interval = step.kind === 'duration' ? step.milliseconds : step.months * 30 * DAY;
  const names = Object.keys(cyclesByName) as CalendarCycle[];
  return names.filter((name) => interval <= cyclesByName[name].resolvedBy);
}

function phaseOfYear(time: number): number {
  const year = new Date(time).getUTCFullYear();
  const start = new Date(0).setUTCFullYear(year, 0, 1);
  return (time - start) / (new Date(0).setUTCFullYear(year + 1, 0, 1) - start);
}

function fraction(value: number): number {
  return value - Math.floor(value);
}
