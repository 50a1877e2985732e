/**
 * What is left of `values` without its straight line and its moving mean over `2 * longest + 1` rows (fewer at the
 * ends): movement slower than the longest period in question. NaN stays NaN.
 */
export function detrend(values: ArrayLike<number>, longest: number): Float64Array {
  const residual = withoutLine(values);
  const sums = new Float64Array(residual.length + 1);
  const counts = new Float64Array(residual.length + 1);
  for (let i = 0; i < residual.length; i++) {
    const missing = Number.isNaN(residual[i]);
    sums[i + 1] = sums[i]! + (missing ? 0 : residual[i]!);
    counts[i + 1] = counts[i]! + (missing ? 0 : 1);
  }
  return residual.map((value, i) => {
    const from = Math.max(0, i - longest);
    const to = Math.min(residual.length, i + longest + 1);
    return value - (sums[to]! - sums[from]!) / (counts[to]! - counts[from]!);
  });
}

/** Least squares over the observed values, in float64 around their means. */
function withoutLine(values: ArrayLike<number>): Float64Array {
  const residual = Float64Array.from(values);
  let observed = 0;
  let meanRow = 0;
  let mean = 0;
  for (let i = 0; i < residual.length; i++) {
    if (Number.isNaN(residual[i])) continue;
    observed++;
    meanRow += (i - meanRow) / observed;
    mean += (residual[i]! - mean) / observed;
  }
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < residual.length; i++) {
    if (Number.isNaN(residual[i])) continue;
    covariance += (i - meanRow) * (residual[i]! - mean);
    variance += (i - meanRow) ** 2;
  }
  const slope = variance === 0 ? 0 : covariance / variance;
  return residual.map((value, i) => value - mean - slope * (i - meanRow));
}
