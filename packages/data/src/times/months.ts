const DAY = 86_400_000;
const SHORTEST_MONTH = 28;

/** The place in their month that time stamps have in common. */
export interface MonthlyStamps {
  /** Day of the month; in a shorter month its last day. */
  readonly day: number;
  readonly timeOfDay: number;
}

/** The common place in the month of times a month or more apart; undefined when there is none. */
export function monthlyStamps(times: Float64Array): MonthlyStamps | undefined {
  if (times.length < 2) return undefined;
  const timeOfDay = modulo(times[0]!, DAY);
  let day = 0;
  let isLastDay = true;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    // Cheap checks first: nearly every table is of minutes, hours or days.
    if (i > 0 && time - times[i - 1]! < SHORTEST_MONTH * DAY) return undefined;
    if (modulo(time, DAY) !== timeOfDay) return undefined;
    const date = new Date(time);
    day = Math.max(day, date.getUTCDate());
    isLastDay &&= date.getUTCDate() === daysInMonth(date.getUTCFullYear(), date.getUTCMonth());
  }
  const stamps = { day: isLastDay ? 31 : day, timeOfDay };
  const common = times.every((time) => monthStamp(stamps, monthIndex(time)) === time);
  return common ? stamps : undefined;
}

/** The place in its month of a single time; the last day of a month stays the last. */
export function stampsOf(time: number): MonthlyStamps {
  const date = new Date(time);
  const day = date.getUTCDate();
  const isLastDay = day === daysInMonth(date.getUTCFullYear(), date.getUTCMonth());
  return { day: isLastDay ? 31 : day, timeOfDay: modulo(time, DAY) };
}

/** Months since January 1970 of the month in which `time` lies. */
export function monthIndex(time: number): number {
  const date = new Date(time);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The time stamp of a month, counted from January 1970. */
export function monthStamp({ day, timeOfDay }: MonthlyStamps, month: number): number {
  const [year, monthOfYear] = [1970 + Math.floor(month / 12), modulo(month, 12)];
  const dayOfMonth = Math.min(day, daysInMonth(year, monthOfYear));
  return new Date(0).setUTCFullYear(year, monthOfYear, dayOfMonth) + timeOfDay;
}

function daysInMonth(year: number, month: number): number {
  return new Date(new Date(0).setUTCFullYear(year, month + 1, 0)).getUTCDate();
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size;
}
