import type { Baseline } from '../baselines/baselines.ts';
import type { PretrainBatch } from '../batches/batch-plan.ts';

/**
 * Applies a baseline to every series of a batch, seeing only visible, measured points, and returns its values in the units
 * of the target: `[series * patches * patchLength]`.
 */
export function fillSeries(batch: PretrainBatch, baseline: Baseline): Float32Array {
  const { normalised, observed, masks, samples } = batch;
  const points = normalised.length / samples.length;
  const patchLength = normalised.length / masks.length;
  const filled = new Float32Array(normalised.length);
  for (let s = 0; s < samples.length; s++) {
    const start = s * points;
    const visible = observed.slice(start, start + points);
    for (let i = 0; i < points; i++) {
      if (masks[Math.floor((start + i) / patchLength)] === 1) visible[i] = 0;
    }
    filled.set(baseline(normalised.slice(start, start + points), visible), start);
  }
  return toTargetUnits(batch, filled);
}

/** Normalised values -> target units; the same numbers unless targets are per patch. */
function toTargetUnits({ patchStatistics }: PretrainBatch, values: Float32Array): Float32Array {
  if (!patchStatistics) return values;
  const { means, scales } = patchStatistics;
  const patchLength = values.length / means.length;
  return values.map((value, i) => {
    const patch = Math.floor(i / patchLength);
    return (value - means[patch]!) / scales[patch]!;
  });
}

/** Target units -> the user's units, for a plot. */
export function toUserUnits(batch: PretrainBatch, values: Float32Array): Float32Array {
  const { patchStatistics, means, scales, samples } = batch;
  const points = values.length / samples.length;
  const patchLength = patchStatistics ? values.length / patchStatistics.means.length : 1;
  return values.map((value, i) => {
    const patch = Math.floor(i / patchLength);
    const normalised = patchStatistics
      ? value * patchStatistics.scales[patch]! + patchStatistics.means[patch]!
      : value;
    const s = Math.floor(i / points);
    return normalised * scales[s]! + means[s]!;
  });
}
