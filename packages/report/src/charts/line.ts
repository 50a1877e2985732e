/** Positions and values to draw; null breaks the line. */
export type Points = readonly (readonly [number, number | null])[];

/** A line without symbols. */
export function line(data: Points, lineStyle: object): Record<string, unknown> {
  return {
    type: 'line',
    data,
    lineStyle: { join: 'round', cap: 'round', ...lineStyle },
    showSymbol: false,
    silent: true,
  };
}

/** The value, or null where there is nothing to draw. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
