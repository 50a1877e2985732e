/** Observed values summed by phase: row modulo period. */
export interface Fold {
  /** [period] */
  readonly sums: Float64Array;
  /** [period]: how many values each sum has. */
  readonly counts: Float64Array;
  /** Sum of all squares. */
  readonly squares: number;
}

export function fold(values: Float64Array, period: number): Fold {
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sums[i % period]! += value;
    counts[i % period]! += 1;
    squares += value * value;
  }
  return { sums, counts, squares };
}

/** Share of the variance that the means of the phases explain, adjusted for their number: 0 on average for noise. */
export function explainedShare({ sums, counts, squares }: Fold): number {
  let explained = 0;
  let observed = 0;
  for (let phase = 0; phase < sums.length; phase++) {
    observed += counts[phase]!;
    if (counts[phase]! > 0) explained += sums[phase]! ** 2 / counts[phase]!;
  }
  return 1 - ((1 - explained / squares) * (observed - 1)) / (observed - sums.length);
}
