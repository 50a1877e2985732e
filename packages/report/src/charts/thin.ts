/**
 * Reduces a long series to at most `limit` points by averaging neighbours; missing and infinite values are left out.
 * The loss curve of a long run stays small in the page.
 */
export function thin(points: readonly (readonly [number, number])[], limit: number): [number, number][] {
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (finite.length <= limit) return finite.map(([x, y]) => [x, y]);
  const thinned: [number, number][] = [];
  for (let bucket = 0; bucket < limit; bucket++) {
    const start = Math.floor((bucket * finite.length) / limit);
    const end = Math.floor(((bucket + 1) * finite.length) / limit);
    let x = 0;
    let y = 0;
    for (let index = start; index < end; index++) {
      x += finite[index]![0];
      y += finite[index]![1];
    }
    thinned.push([x / (end - start), y / (end - start)]);
  }
  return thinned;
}

/** A moving average over a window of `2 * reach + 1` points, shortened at the ends. */
export function smooth(points: readonly (readonly [number, number])[], reach: number): [number, number][] {
  return points.map(([x], index) => {
    const nearby = points.slice(Math.max(0, index - reach), index + reach + 1);
    return [x, nearby.reduce((sum, [, y]) => sum + y, 0) / nearby.length];
  });
}
