import type { BatchPlan, PretrainBatch } from './batch-plan.ts';

/** Under the root of a patch's variance, in squared normalised units (He et al. 2022 use the same). */
const PATCH_EPSILON = 1e-6;

/** What the model must reconstruct: the normalised values, or each patch in its own mean and scale. */
export interface ReconstructionTarget {
  /** `[series * patches * patchLength]`; 0 where nothing was measured. */
  readonly target: Float32Array;
  readonly patchStatistics?: NonNullable<PretrainBatch['patchStatistics']>;
}

export function reconstructionTarget(
  plan: BatchPlan,
  normalised: Float32Array,
  observed: Uint8Array,
): ReconstructionTarget {
  if (plan.model.target === 'values') return { target: normalised.slice() };
  const { patchLength } = plan.layout;
  const patches = normalised.length / patchLength;
  const means = new Float64Array(patches);
  const scales = new Float64Array(patches);
  const target = new Float32Array(normalised.length);
  for (let patch = 0; patch < patches; patch++) {
    const start = patch * patchLength;
    const end = start + patchLength;
    let count = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      count += observed[i]!;
      sum += normalised[i]!;
    }
    const mean = count === 0 ? 0 : sum / count;
    let squares = 0;
    for (let i = start; i < end; i++) if (observed[i] === 1) squares += (normalised[i]! - mean) ** 2;
    const scale = Math.sqrt((count === 0 ? 0 : squares / count) + PATCH_EPSILON);
    for (let i = start; i < end; i++) if (observed[i] === 1) target[i] = (normalised[i]! - mean) / scale;
    means[patch] = mean;
    scales[patch] = scale;
  }
  return { target, patchStatistics: { means, scales } };
}
