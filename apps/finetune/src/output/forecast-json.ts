import type { Forecast } from '@patchbert/forecast';

/** Forecasts as JSON; names of channels are values, never keys, and a value that is no number is `null`. */
export function forecastJson(forecasts: readonly Forecast[]): string {
  const value = {
    format: 'patchbert-forecast',
    forecasts: forecasts.map(({ id, channels, times, mean, quantiles }) => ({
      id,
      horizon: mean[0]?.length ?? 0,
      ...(times && { times: Array.from(times, (time) => new Date(time).toISOString()) }),
      channels: channels.map((name, c) => ({
        name,
        mean: numbers(mean[c]!),
        ...(quantiles.length > 0 && {
          quantiles: quantiles.map(({ level, columns }) => ({ level, values: numbers(columns[c]!) })),
        }),
      })),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function numbers(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? shortest(value) : null));
}

/** The shortest decimal that is the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return value;
}
