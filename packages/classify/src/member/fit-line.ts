/** The line `slope * x + offset` with the least squared distance from `y`; undefined when all `x` are equal. */
export function fitLine(
  x: Float64Array,
  y: Float64Array,
): { readonly slope: number; readonly offset: number } | undefined {
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let along = 0;
  let squares = 0;
  x.forEach((value, i) => {
    along += (value - meanX) * (y[i]! - meanY);
    squares += (value - meanX) ** 2;
  });
  if (squares === 0) return undefined;
  const slope = along / squares;
  return { slope, offset: meanY - slope * meanX };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
