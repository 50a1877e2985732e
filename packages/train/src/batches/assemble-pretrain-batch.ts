import {
  corruptPatches,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  int32Tensor,
  visibleOrder,
} from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import type { BatchPlan, BatchRequest, PretrainBatch } from './batch-plan.ts';
import { batchKeys, drawMasks, occurrences } from './draw-masks.ts';
import { type NormalisedSeries, normaliseSeries } from './normalise-series.ts';
import { reconstructionTarget } from './reconstruction-target.ts';

/**
 * Builds one pretraining batch on the host: windows, masks, statistics over visible and observed points, normalised
 * patches, corruption, weights. A pure function of the plan and the request: nothing depends on the place of a sample in
 * its batch, on the batch size or on what was drawn before.
 *
 * A series without any visible, observed value gets weight 0, as does every point that is not measured.
 *
 * @example
 * const { inputs } = assemblePretrainBatch(plan, { samples: sampler.batch(0), purpose: 'training' });
 */
export function assemblePretrainBatch(plan: BatchPlan, request: BatchRequest): PretrainBatch {
  const { samples } = request;
  const { patchCount, patchLength } = plan.layout;
  const keys = batchKeys(plan, request);
  const masks = drawMasks(plan, samples, keys.mask);
  const data = normaliseSeries(plan, samples, masks);
  const { target, patchStatistics } = reconstructionTarget(plan, data.normalised, data.observed);
  const shape = [samples.length, patchCount, patchLength];
  const { seen, shown } = encoderInputs(plan, request, keys.corruption, masks, data);
  return {
    inputs: {
      ...seen,
      target: float32Tensor(target, shape),
      lossWeight: float32Tensor(lossWeights(plan, request, masks, data), shape),
    },
    samples,
    masks,
    concealed: masks.map((masked, patch) => (shown[patch] === 1 ? 0 : masked)),
    observed: data.observed,
    normalised: data.normalised,
    means: data.means,
    scales: data.scales,
    ...(patchStatistics && { patchStatistics }),
  };
}

/** What the encoder may see: nothing of a hidden patch, but for those that `bert` shows as they are. */
function encoderInputs(
  plan: BatchPlan,
  { samples }: BatchRequest,
  key: RandomKey,
  masks: Uint8Array,
  { normalised, observed }: NormalisedSeries,
): { readonly seen: HostTensors; readonly shown: Uint8Array } {
  const { patchCount, patchLength } = plan.layout;
  const { corruption } = plan.model;
  const series = samples.length;
  const repeats = occurrences(samples);
  const { patches, tokenMask, shown } = corruptPatches({
    patches: normalised,
    masks,
    patchCount,
    patchLength,
    corruption,
    key: (s) => deriveKey(key, samples[s]!.id, repeats[s]!),
  });
  const inputs: Record<string, HostTensor> = {
    patches: float32Tensor(patches, [series, patchCount, patchLength]),
  };
  const perPatch = [series, patchCount, 1];
  if (corruption === 'token' || corruption === 'bert') {
    inputs.tokenMask = float32Tensor(Float32Array.from(tokenMask), perPatch);
  }
  const order = corruption === 'visible-only' ? visibleOrder(masks, series, patchCount) : undefined;
  if (order) {
    inputs.visibleIndex = int32Tensor(order.visibleIndex);
    inputs.restoreIndex = int32Tensor(order.restoreIndex);
    inputs.masked = float32Tensor(Float32Array.from(masks), perPatch);
  }
  if (plan.hasGaps) {
    const attended = attendedPatches(plan, series, masks, observed);
    inputs.keyMask = order
      ? float32Tensor(
          Float32Array.from(order.visibleIndex, (patch) => attended[patch]!),
          [series, order.visibleCount],
        )
      : float32Tensor(attended, [series, patchCount]);
  }
  return { seen: inputs, shown };
}

/**
 * `[series * patches]`: 0 for visible patches in which nothing was measured. Hidden patches are always attended, as
 * whether something was measured there is hidden too; a series with nothing left attends everywhere, for a finite result.
 */
function attendedPatches(
  plan: BatchPlan,
  series: number,
  masks: Uint8Array,
  observed: Uint8Array,
): Float32Array {
  const { patchCount, patchLength } = plan.layout;
  const attended = new Float32Array(series * patchCount);
  for (let s = 0; s < series; s++) {
    let visibleWithValues = 0;
    for (let patch = s * patchCount; patch < (s + 1) * patchCount; patch++) {
      const start = patch * patchLength;
      const measured = observed.subarray(start, start + patchLength).includes(1);
      if (masks[patch] === 1 || measured) attended[patch] = 1;
      if (masks[patch] === 0 && measured) visibleWithValues++;
    }
    if (visibleWithValues === 0) attended.fill(1, s * patchCount, (s + 1) * patchCount);
  }
  return attended;
}

/** `[series * patches * patchLength]`: the sample's weight at hidden, measured, scored points; 0 elsewhere. */
function lossWeights(
  plan: BatchPlan,
  { samples, weights, scoredRows }: BatchRequest,
  masks: Uint8Array,
  { observed, visibleCounts }: NormalisedSeries,
): Float32Array {
  const { patchCount, patchLength, dropped, padded } = plan.layout;
  const lossWeight = new Float32Array(observed.length);
  samples.forEach(({ start }, s) => {
    const weight = visibleCounts[s] === 0 ? 0 : (weights?.[s] ?? 1);
    if (weight === 0) return;
    const firstRow = start + dropped - padded;
    const scored = scoredRows?.[s];
    for (let patch = 0; patch < patchCount; patch++) {
      if (masks[s * patchCount + patch] === 0) continue;
      for (let p = 0; p < patchLength; p++) {
        const row = firstRow + patch * patchLength + p;
        if (scored && (row < scored.start || row >= scored.end)) continue;
        const point = (s * patchCount + patch) * patchLength + p;
        lossWeight[point] = weight * observed[point]!;
      }
    }
  });
  return lossWeight;
}
