const nothing = '–';

/** A number, or what stands for one that could not be had. */
type MaybeNumber = number | null | undefined;

/**
 * A number for people: four significant digits, thousands separated, a real minus sign; not-a-number is a dash.
 *
 * @example
 * formatNumber(-1234.5678); // '−1,235'
 */
export function formatNumber(value: MaybeNumber, digits = 4): string {
  if (value === null || value === undefined) return nothing;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? nothing : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return scientific(value, digits);
  const decimals = size >= 1 ? Math.max(0, digits - Math.floor(Math.log10(size)) - 1) : digits;
  return minus(value.toLocaleString('en-US', { maximumFractionDigits: decimals }));
}

/** An error with fixed decimals, so that a column of them lines up; very small and large ones in scientific notation. */
export function formatError(value: MaybeNumber, decimals = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value);
  const size = Math.abs(value);
  if ((size !== 0 && size < 0.5 * 10 ** -decimals) || size >= 1e6) return scientific(value, 2);
  return minus(value.toFixed(decimals));
}

/** A whole number with thousands separated: `43,824`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? minus(Math.round(value).toLocaleString('en-US')) : nothing;
}

/** A large quantity with a metric prefix: `1.2 M`, `10 G`. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return nothing;
  for (const [prefix, unit] of metricPrefixes) {
    if (Math.abs(value) >= unit)
      return `${(value / unit)
        .toPrecision(3)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')} ${prefix}`;
  }
  return formatCount(value);
}

/** A share of one as a percentage: `formatPercent(0.0472)` is `4.7 %`. */
export function formatPercent(share: MaybeNumber, decimals?: number): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return nothing;
  const percent = share * 100;
  return `${minus(percent.toFixed(decimals ?? (percent !== 0 && Math.abs(percent) < 10 ? 1 : 0)))} %`;
}

/** A duration: `48 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return nothing;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** A point in time as `2014-12-31 23:00 UTC`; text that is no date stays as it is. */
export function formatInstant(time: string | number): string {
  const instant = new Date(time);
  if (Number.isNaN(instant.getTime())) return String(time);
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const metricPrefixes: readonly (readonly [string, number])[] = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
];

function scientific(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const superscript = exponent.replace('+', '').replace(/[-\d]/g, (digit) => superscripts[digit]!);
  return `${minus(mantissa.replace(/\.0+$/, ''))} × 10${superscript}`;
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digit, index) => [String(index), digit])),
};

function minus(text: string): string {
  return text.replace('-', '−');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
