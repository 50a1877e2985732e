import { type CsvColumn, formatCsv } from '@patchbert/data';
import type { Forecast } from '@patchbert/forecast';

/**
 * Forecasts as CSV: a row per step, columns `id` (of several recordings), `time` (or `step`, counted from 1), then each
 * channel, and its quantiles as `<channel>.q0.1`.
 */
export function forecastCsv(forecasts: readonly Forecast[]): string {
  const [first] = forecasts;
  if (first === undefined) return '';
  const lengths = forecasts.map(({ mean }) => mean[0]?.length ?? 0);
  const columns: CsvColumn[] = [];
  if (forecasts.length > 1) {
    columns.push({
      name: 'id',
      texts: forecasts.flatMap(({ id }, i) => Array<string>(lengths[i]!).fill(id)),
    });
  }
  if (first.times !== undefined) {
    columns.push({ name: 'time', times: forecasts.flatMap(({ times }) => Array.from(times ?? [])) });
  } else {
    columns.push({
      name: 'step',
      numbers: lengths.flatMap((length) => Array.from({ length }, (_, step) => step + 1)),
    });
  }
  first.channels.forEach((name, c) => {
    columns.push({ name, numbers: joined(forecasts.map(({ mean }) => mean[c]!)) });
    first.quantiles.forEach(({ level }, q) => {
      columns.push({
        name: `${name}.q${level}`,
        numbers: joined(forecasts.map(({ quantiles }) => quantiles[q]!.columns[c]!)),
      });
    });
  });
  return formatCsv(columns);
}

function joined(parts: readonly ArrayLike<number>[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}
