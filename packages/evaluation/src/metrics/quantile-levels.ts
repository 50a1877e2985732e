import { PatchBertError } from '@patchbert/errors';

/** Two quantile levels with the same share outside on either side, by their places in the list of levels. */
export interface CentralInterval {
  /** Share of the truth that should lie inside: 0.8 for the quantiles 0.1 and 0.9. */
  readonly level: number;
  readonly lower: number;
  readonly upper: number;
}

/** Throws `evaluation/bad-levels` unless the levels are in (0, 1) and ascend. */
export function checkLevels(where: string, levels: readonly number[]): void {
  const fits = levels.every((level, i) => level > (levels[i - 1] ?? 0) && level < 1);
  if (!fits) {
    throw new PatchBertError(
      'evaluation/bad-levels',
      `${where}: quantile levels are ${levels.join(', ')}; expected numbers above 0 and below 1, each above the one before.`,
    );
  }
}

/** The central intervals that ascending levels offer, narrowest first; levels are told apart to 1e-9. */
export function centralIntervals(levels: readonly number[]): readonly CentralInterval[] {
  const intervals: CentralInterval[] = [];
  for (let lower = levels.length - 1; lower >= 0; lower--) {
    const upper = levels.findIndex((level) => Math.abs(level + levels[lower]! - 1) < 1e-9);
    if (upper <= lower) continue;
    // 0.7 - 0.3 is 0.39999999999999997 in float64: back to the decimal that was meant.
    intervals.push({ level: Number((levels[upper]! - levels[lower]!).toFixed(9)), lower, upper });
  }
  return intervals;
}
