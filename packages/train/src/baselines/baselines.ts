/**
 * Fills one series without a model. `values` are `[points]`, `visible` is 1 where a value may be used; the rest of
 * `values` is never read. Returns a value for every point.
 */
export type Baseline = (values: Float32Array, visible: Uint8Array) => Float32Array;

/** The mean of the visible points everywhere; 0 when nothing is visible. */
export const windowMean: Baseline = (values, visible) => {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (visible[i] === 1) {
      sum += values[i]!;
      count++;
    }
  }
  return new Float32Array(values.length).fill(count === 0 ? 0 : sum / count);
};

/** The last visible point carried forward; before the first one, that one. 0 when nothing is visible. */
export const lastValue: Baseline = (values, visible) => {
  const first = visible.indexOf(1);
  let last = first < 0 ? 0 : values[first]!;
  return values.map((_, i) => {
    if (visible[i] === 1) last = values[i]!;
    return last;
  });
};

/** Straight lines between neighbouring visible points, flat beyond the outer ones. 0 when nothing is visible. */
export const linearInterpolation: Baseline = (values, visible) => {
  const filled = lastValue(values, visible);
  let left = visible.indexOf(1);
  for (let right = left + 1; left >= 0 && right < values.length; right++) {
    if (visible[right] !== 1) continue;
    const rise = (values[right]! - values[left]!) / (right - left);
    for (let i = left + 1; i < right; i++) filled[i] = values[left]! + rise * (i - left);
    left = right;
  }
  return filled;
};

/** The baselines every pretrained model is compared with, by the name used in reports. */
export const baselines: Readonly<Record<string, Baseline>> = {
  'linear interpolation': linearInterpolation,
  'last value': lastValue,
  'window mean': windowMean,
};
