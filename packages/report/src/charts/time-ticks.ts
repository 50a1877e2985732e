const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [1, 2, 5, 10, 15, 30]
  .map((count) => count * minute)
  .concat(
    [1, 2, 3, 6, 12].map((count) => count * hour),
    [1, 2, 4, 7, 14].map((count) => count * day),
  );
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 600];

export interface TimeTicks {
  /** Milliseconds since the epoch, at round points of the UTC calendar. */
  readonly ticks: readonly number[];
  readonly label: (time: number) => string;
}

/** Evenly spaced round points in time between `first` and `last`, at most `limit` of them, with labels that fit. */
export function timeTicks(first: number, last: number, limit = 6): TimeTicks {
  const span = last - first;
  const step = steps.find((candidate) => span / candidate <= limit);
  if (step !== undefined) {
    // Days are counted from the first midnight of the window, shorter steps divide the day.
    const origin = step >= day ? Math.ceil(first / day) * day : Math.ceil(first / step) * step;
    const count = Math.max(0, Math.floor((last - origin) / step) + 1);
    return {
      ticks: Array.from({ length: count }, (_, index) => origin + index * step),
      label: step >= day ? dayLabel : clockLabel,
    };
  }
  const stride = monthSteps.find((candidate) => span / (candidate * 30 * day) <= limit) ?? 1200;
  const start = new Date(first);
  const firstMonth = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const ticks: number[] = [];
  for (let month = Math.ceil(firstMonth / stride) * stride; ; month += stride) {
    const tick = Date.UTC(Math.floor(month / 12), month % 12);
    if (!(tick <= last) || ticks.length > limit) break;
    if (tick >= first) ticks.push(tick);
  }
  return { ticks, label: stride >= 12 ? yearLabel : monthLabel };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function clockLabel(time: number): string {
  return new Date(time).toISOString().slice(11, 16);
}

function dayLabel(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]!}`;
}

function monthLabel(time: number): string {
  const date = new Date(time);
  return `${months[date.getUTCMonth()]!} ${date.getUTCFullYear()}`;
}

function yearLabel(time: number): string {
  return String(new Date(time).getUTCFullYear());
}
