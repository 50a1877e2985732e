import { type PatchLayout, patchify, standardiseObserved } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { ROUNDING } from '../batches/forecast-batch.ts';

/** Contexts as the model reads them, from raw values; `contextBatch` makes the same of a task on the host. */
export interface RawContexts {
  /** `[S, L]`, normalised by each context's own mean and deviation; 0 where a value is missing. */
  readonly context: tf.Tensor2D;
  /** `[S, N]`: 1 for a patch with an observed value, and for every patch of a context without any. */
  readonly keyMask?: tf.Tensor2D;
  /** `[S, 1]` each; the deviation of a constant context is 0. */
  readonly mean: tf.Tensor2D;
  readonly deviation: tf.Tensor2D;
  /** `[S, 1]` bool: whether anything was observed at all. */
  readonly known: tf.Tensor2D;
}

/** Normalises raw contexts `[S, L]`, NaN where a value is missing, inside a step. */
export function rawContexts(values: tf.Tensor2D, layout: PatchLayout | undefined): RawContexts {
  const { centred, observed, mean, deviation: scale } = standardiseObserved(values);
  const varies = tf.greater(scale, tf.mul(tf.abs(mean), ROUNDING)); // [S, 1]
  const deviation = tf.where(varies, scale, tf.zerosLike(scale)) as tf.Tensor2D;
  const divisor = tf.where(varies, scale, tf.onesLike(scale));
  const context = tf.mul(tf.div(centred, divisor), tf.cast(varies, 'float32')) as tf.Tensor2D;
  const known = tf.greater(tf.max(observed, 1, true), 0) as tf.Tensor2D; // [S, L] -> [S, 1]
  if (layout === undefined) return { context, mean, deviation, known };
  const seen = tf.max(patchify(observed, layout), 2); // [S, L] -> [S, N, P] -> [S, N]
  const everywhere = tf.sub(1, tf.max(seen, 1, true)); // [S, 1]
  return { context, mean, deviation, known, keyMask: tf.maximum(seen, everywhere) as tf.Tensor2D };
}
