/** Index of the first value that is not NaN; -1 when there is none. */
export function firstObserved(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) return i;
  return -1;
}

/** Index of the last value that is not NaN; -1 when there is none. */
export function lastObserved(values: ArrayLike<number>): number {
  for (let i = values.length - 1; i >= 0; i--) if (!Number.isNaN(values[i])) return i;
  return -1;
}
