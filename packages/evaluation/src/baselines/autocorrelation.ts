/**
 * Autocorrelation at lags 0 to `longest` of values whose mean is about 0: the mean product of observed pairs divided
 * by the mean square. NaN at a lag without pairs.
 */
export function autocorrelation(values: Float64Array, longest: number): Float64Array {
  const present = values.map((value) => (Number.isNaN(value) ? 0 : 1));
  const filled = values.map((value) => (Number.isNaN(value) ? 0 : value));
  const correlation = new Float64Array(longest + 1);
  for (let lag = 0; lag <= longest; lag++) {
    let sum = 0;
    let pairs = 0;
    for (let i = lag; i < filled.length; i++) {
      sum += filled[i]! * filled[i - lag]!;
      pairs += present[i]! * present[i - lag]!;
    }
    correlation[lag] = sum / pairs;
  }
  const variance = correlation[0]!;
  return correlation.map((covariance) => covariance / variance);
}

/**
 * How far the correlation at `lag` rises above the line through its values half a lag before and after; 0 when `lag` is
 * no peak above that line. Slow movement lifts and tilts the correlation of every lag; it cancels here.
 *
 * @param correlation lags up to 1.5 times `lag`, at least.
 */
export function rise(correlation: Float64Array, lag: number): number {
  const before = between(correlation, lag / 2);
  const after = between(correlation, 1.5 * lag);
  const slope = (after - before) / lag;
  const here = correlation[lag]!;
  const isPeak = here >= correlation[lag - 1]! + slope && here >= correlation[lag + 1]! - slope;
  return isPeak ? Math.max(0, here - (before + after) / 2) : 0;
}

function between(values: Float64Array, place: number): number {
  return (values[Math.floor(place)]! + values[Math.ceil(place)]!) / 2;
}
