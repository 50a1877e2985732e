import { type PatchLayout, patchify, type StandardisedSeries, standardiseObserved } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { ROUNDING } from '../batches/forecast-batch.ts';

/** Contexts as a forecaster's encoder reads them, and what takes a prediction back to the units of the data. */
export interface RawContexts extends StandardisedSeries, Partial<SeenPatches> {}

/** Which patches of a context hold anything. */
export interface SeenPatches {
  /** `[S, N]`: 1 for a patch with an observed value. */
  readonly seen: tf.Tensor2D;
  /** `[S, N]`: which patches attention may look at: those that are seen, or all of a context without any. */
  readonly keyMask: tf.Tensor2D;
}

/**
 * Normalises raw contexts inside a step, each by its own mean and deviation: what `contextBatch` does on the host. The deviation of
 * a constant context is 0.
 *
 * @param values `[S, L]`; what stands at missing points changes nothing.
 * @param observed `[S, L]`, 1 where a value was measured.
 * @param layout of the model's patches; absent for a model without.
 * @example
 * const { standardised, keyMask } = rawContexts(values, observed, encoder.layout);
 */
export function rawContexts(
  values: tf.Tensor2D,
  observed: tf.Tensor2D,
  layout: PatchLayout,
): StandardisedSeries & SeenPatches;
export function rawContexts(
  values: tf.Tensor2D,
  observed: tf.Tensor2D,
  layout: PatchLayout | undefined,
): RawContexts;
export function rawContexts(
  values: tf.Tensor2D,
  observed: tf.Tensor2D,
  layout: PatchLayout | undefined,
): RawContexts {
  const contexts = standardiseObserved(values, observed, { constantBelow: ROUNDING });
  if (layout === undefined) return contexts;
  const seen = tf.max(patchify(observed, layout), 2) as tf.Tensor2D; // [S, L] -> [S, N, P] -> [S, N]
  const nothing = tf.sub(1, tf.max(seen, 1, true)); // [S, N] -> [S, 1]
  return { ...contexts, seen, keyMask: tf.maximum(seen, nothing) as tf.Tensor2D };
}
