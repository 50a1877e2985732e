import type { SeriesSample } from '@patchbert/data';
import { readWindow } from '@patchbert/data';
import { instanceStatistics, patchifySeries } from '@patchbert/ops';
import type { BatchPlan, PretrainBatch } from './batch-plan.ts';

/** The parts of a batch that come from the data alone, once the masks are drawn. */
export type NormalisedSeries = Pick<PretrainBatch, 'normalised' | 'observed' | 'means' | 'scales'> & {
  /** `[series]`: number of visible, observed points the statistics rest on. */
  readonly visibleCounts: Int32Array;
};

/**
 * Reads the windows, takes mean and scale over visible, observed points only (float64), normalises, clips, cuts patches.
 * The oldest points that `drop-oldest` leaves out of the patches are visible and take part in the statistics.
 */
export function normaliseSeries(
  plan: BatchPlan,
  samples: readonly SeriesSample[],
  masks: Uint8Array,
): NormalisedSeries {
  const { frame, layout, outlierLimit, epsilons } = plan;
  const { contextLength } = layout;
  const series = samples.length;
  const values = new Float32Array(series * contextLength);
  const visible = new Uint8Array(series * contextLength);
  const means = new Float64Array(series);
  const scales = new Float64Array(series);
  const visibleCounts = new Int32Array(series);
  samples.forEach(({ channel, segment, start }, s) => {
    const offset = s * contextLength;
    readWindow(frame, channel, start, contextLength, values, offset);
    visibleCounts[s] = markVisible(plan, values, masks, s, visible);
    const statistics = instanceStatistics(values, visible, {
      start: offset,
      length: contextLength,
      epsilon: epsilons[segment]![channel]!,
    });
    means[s] = statistics.mean;
    scales[s] = statistics.scale;
  });

  const normalised = patchifySeries(values, layout); // [S * L] -> [S * N * P]
  const observed = new Uint8Array(normalised.length);
  const pointsPerSeries = layout.patchCount * layout.patchLength;
  for (let s = 0; s < series; s++) {
    const mean = means[s]!;
    const scale = scales[s]!;
    for (let i = s * pointsPerSeries; i < (s + 1) * pointsPerSeries; i++) {
      const value = (normalised[i]! - mean) / scale;
      if (Number.isNaN(value)) {
        normalised[i] = 0;
        continue;
      }
      observed[i] = 1;
      normalised[i] = Math.min(Math.max(value, -outlierLimit), outlierLimit);
    }
  }
  return { normalised, observed, means, scales, visibleCounts };
}

/** Marks observed points outside hidden patches; returns how many there are. */
function markVisible(
  plan: BatchPlan,
  values: Float32Array,
  masks: Uint8Array,
  s: number,
  visible: Uint8Array,
): number {
  const { contextLength, patchCount, patchLength, dropped, padded } = plan.layout;
  const offset = s * contextLength;
  const first = dropped - padded;
  let count = 0;
  for (let point = 0; point < contextLength; point++) {
    const patch = Math.floor((point - first) / patchLength);
    const hidden = patch >= 0 && masks[s * patchCount + patch] === 1;
    if (hidden || Number.isNaN(values[offset + point]!)) continue;
    visible[offset + point] = 1;
    count++;
  }
  return count;
}
