import { subtractExactly, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { ExogenousPlan } from '../task/exogenous-plan.ts';

/**
 * What is known of the future as the model reads it, `exogenous` `[S, E]`: the calendar as it is, covariates on the scale of the fit,
 * a missing one at its mean. Every one of `count` channels of a window reads the same.
 */
export function rawExogenous(
  { calendar, covariates }: ExogenousPlan,
  batch: Tensors,
  { count, horizon }: { readonly count: number; readonly horizon: number },
): Tensors {
  const parts: tf.Tensor[] = [];
  if (calendar.length > 0) parts.push(batch.calendar!); // [B, 2 * cycles]
  if (covariates.length > 0)
    parts.push(scaledCovariates(covariates, batch.covariates as tf.Tensor3D, horizon));
  if (parts.length === 0) return {};
  const window = tf.concat(parts, 1); // [B, E]
  const [size, width] = window.shape as [number, number];
  const repeated = tf.tile(tf.reshape(window, [size, 1, width]), [1, count, 1]); // [B, E] -> [B, 1, E] -> [B, C, E]
  return { exogenous: tf.reshape(repeated, [size * count, width]) }; // [B, C, E] -> [S, E]
}

/** `[B, H, V] -> [B, V * H]`, covariate by covariate. */
function scaledCovariates(
  plan: ExogenousPlan['covariates'],
  values: tf.Tensor3D,
  horizon: number,
): tf.Tensor {
  const deviations = tf.tensor1d(plan.map(({ deviation }) => deviation));
  const missing = tf.isNaN(values);
  const known = tf.where(missing, tf.zerosLike(values), values);
  const scaled = tf.div(
    subtractExactly(
      known,
      plan.map(({ mean }) => mean),
      [plan.length],
    ),
    deviations,
  ); // [B, H, V]
  const filled = tf.where(missing, tf.zerosLike(values), scaled);
  return tf.reshape(tf.transpose(filled, [0, 2, 1]), [values.shape[0], plan.length * horizon]); // [B, H, V] -> [B, V, H] -> [B, V*H]
}
