const quiet = { show: false } as const;
const hairline = { lineStyle: { color: 'var(--grid)', width: 1 } } as const;

/** The look all axes share: hairline grid, muted labels, no ticks. */
export const axisStyle = {
  axisLine: quiet,
  axisTick: quiet,
  splitLine: { show: true, ...hairline },
  axisLabel: { color: 'var(--muted)', fontSize: 11.5 },
  nameTextStyle: { color: 'var(--muted)', fontSize: 11.5 },
} as const;

/** A bottom axis: a line of its own and no grid. */
export const baseAxisStyle = {
  ...axisStyle,
  axisLine: { show: true, onZero: false, lineStyle: { color: 'var(--rule)', width: 1 } },
  splitLine: quiet,
} as const;

/**
 * A logarithmic value axis over `values`, drawn in log10 so that it carries 1-2-5 ticks instead of decades only.
 *
 * @param format writes the label of a value.
 */
export function logAxis(values: Iterable<number>, format: (value: number) => string) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0.1, 1];
  const margin = Math.max(0.06 * Math.log10(high / low), 0.03);
  const minimum = Math.log10(low) - margin;
  const maximum = Math.log10(high) + margin;
  const customValues = logTicks(minimum, maximum);
  return {
    type: 'value' as const,
    min: minimum,
    max: maximum,
    axisTick: { show: false, customValues },
    splitLine: { ...axisStyle.splitLine, customValues },
    axisLabel: {
      ...axisStyle.axisLabel,
      customValues,
      formatter: (logarithm: number) => format(10 ** logarithm),
    },
  };
}

/** log10 of a value, or null where a logarithmic axis has no place for it. */
export function logValue(value: number): number | null {
  return value > 0 && Number.isFinite(value) ? Math.log10(value) : null;
}

/** The densest of the decade, 1-3, 1-2-5 and linear tick ladders that does not crowd the axis. */
function logTicks(minimum: number, maximum: number): number[] {
  const ladders = [
    [1],
    [1, 3],
    [1, 2, 5],
    [1, 1.5, 2, 3, 4, 5, 7],
    [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9],
  ];
  let best: number[] = [];
  for (const ladder of ladders) {
    const ticks: number[] = [];
    for (let decade = Math.floor(minimum); decade <= Math.ceil(maximum); decade++) {
      for (const mantissa of ladder) {
        const tick = decade + Math.log10(mantissa);
        if (tick >= minimum && tick <= maximum) ticks.push(tick);
      }
    }
    if (ticks.length > best.length && ticks.length <= 7) best = ticks;
  }
  return best;
}
