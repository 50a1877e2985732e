/** Results of one run by name: forecasts, statistics, parameters, anything with numbers. */
export type RunResults = Readonly<Record<string, ArrayLike<number>>>;

/** Whether one result differs between two runs. */
export interface Comparison {
  readonly what: string;
  readonly moved: boolean;
  /** Largest absolute difference; Infinity where one is no number, where lengths differ or one is absent. */
  readonly largest: number;
}

/**
 * Compares the results of two runs, name by name, in the order of `before`. NaN equals NaN.
 *
 * @param tolerance how far a number may move, as a share of the largest magnitude of that result before; default 0.
 * @example
 * compareRuns({ forecast: [1, 2] }, { forecast: [1, 3] }); // [{ what: 'forecast', moved: true, largest: 1 }]
 */
export function compareRuns(
  before: RunResults,
  after: RunResults,
  { tolerance = 0 }: { readonly tolerance?: number } = {},
): readonly Comparison[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((what) => {
    const [a, b] = [own(before, what), own(after, what)];
    const largest = largestDifference(a, b);
    return { what, moved: !(largest <= tolerance * largestMagnitude(a)), largest };
  });
}

function own(results: RunResults, name: string): ArrayLike<number> | undefined {
  return Object.hasOwn(results, name) ? results[name] : undefined;
}

function largestDifference(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue; // also NaN and NaN, Infinity and Infinity
    const difference = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    if (difference > largest) largest = difference;
  }
  return largest;
}

function largestMagnitude(values: ArrayLike<number> | undefined): number {
  let largest = 0;
  for (let i = 0; i < (values?.length ?? 0); i++) {
    const magnitude = Math.abs(values![i]!);
    if (magnitude > largest && magnitude < Number.POSITIVE_INFINITY) largest = magnitude;
  }
  return largest;
}
