import { didYouMean } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { stampsOf } from '../times/months.ts';
import { addSteps, type TimeStep } from '../times/time-step.ts';
import { tsfError } from './tsf-error.ts';

/** A step of the calendar, or of a fixed time. */
export type TsfStep = { readonly months: number } | { readonly milliseconds: number };

const SECOND = 1000;
const DAY = 86_400 * SECOND;

const UNITS: Readonly<Record<string, TsfStep>> = {
  second: { milliseconds: SECOND },
  minute: { milliseconds: 60 * SECOND },
  hour: { milliseconds: 3600 * SECOND },
  day: { milliseconds: DAY },
  week: { milliseconds: 7 * DAY },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { months: 12 },
};

const NAMES: Readonly<Record<string, TsfStep>> = {
  secondly: UNITS.second!,
  minutely: UNITS.minute!,
  half_hourly: { milliseconds: 1800 * SECOND },
  hourly: UNITS.hour!,
  daily: UNITS.day!,
  weekly: UNITS.week!,
  monthly: UNITS.month!,
  quarterly: UNITS.quarter!,
  yearly: UNITS.year!,
};

/** The step of a frequency such as `monthly`, `half_hourly` or `4_seconds`. */
export function tsfStep(file: string, line: number, frequency: string): TsfStep {
  const word = frequency.toLowerCase();
  if (Object.hasOwn(NAMES, word)) return NAMES[word]!;
  const [, count, unit] = /^(\d{1,6})_([a-z]+?)s?$/.exec(word) ?? [];
  if (unit !== undefined && Object.hasOwn(UNITS, unit) && Number(count) > 0) {
    const one = UNITS[unit]!;
    return 'months' in one
      ? { months: Number(count) * one.months }
      : { milliseconds: Number(count) * one.milliseconds };
  }
  const hint = didYouMean(word, Object.keys(NAMES));
  throw tsfError(
    file,
    line,
    `the frequency ${showText(frequency)} is not known; expected ${Object.keys(NAMES).join(', ')}, or a number and a unit such as 10_minutes.${hint}`,
  );
}

/** The times of a series of `length` values that begins at `start`; months keep their day, the last day stays the last. */
export function tsfTimes(step: TsfStep, start: number, length: number): Float64Array {
  const timeStep: TimeStep =
    'months' in step
      ? { kind: 'months', months: step.months, stamps: stampsOf(start) }
      : { kind: 'duration', milliseconds: step.milliseconds };
  return Float64Array.from({ length }, (_, row) => addSteps(timeStep, start, row));
}
