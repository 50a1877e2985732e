import { detectPeriod } from '@patchbert/evaluation';
import type { ForecastTask } from '../task/forecast-task.ts';

/** Series that are looked at; the commonest of their seasons is taken. */
const MOST_SERIES = 12;

/** Rows of one series that are looked at, the latest ones. */
const MOST_ROWS = 8_760;

/** The commonest season of the scored series over their training rows; 1 when nothing repeats. */
export function seasonalPeriod({ panel, splits, scored }: ForecastTask): number {
  const votes = new Map<number, number>();
  const series = panel.segments.flatMap((_, segment) => scored.map((channel) => ({ segment, channel })));
  const step = Math.max(1, Math.ceil(series.length / MOST_SERIES));
  for (let i = 0; i < series.length; i += step) {
    const { segment, channel } = series[i]!;
    const { start, end } = splits[segment]!.train;
    const values = panel.frame.columns[channel]!.subarray(Math.max(start, end - MOST_ROWS), end);
    const period = detectPeriod(values);
    if (period !== undefined) votes.set(period, (votes.get(period) ?? 0) + 1);
  }
  const ranked = [...votes].sort(([a, m], [b, n]) => n - m || a - b);
  return ranked[0]?.[0] ?? 1;
}
