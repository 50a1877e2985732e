import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './cross-entropy.ts';

/** Far below any similarity, far above the float32 limit. */
const EXCLUDED = 1e9;

/**
 * Within each group, every vector of one view is to be more like its partner in the other view than like any other vector of the
 * group, by dot products: a cross-entropy over all but itself.
 *
 * @param views `[G, 2 M, D]`: M vectors of one view, then their partners of the other in the same order.
 * @param visible `[G, 2 M]`, constant, 0 = neither an anchor nor a negative; alike for partners. All count when left out.
 */
export function viewContrast(views: tf.Tensor, visible?: tf.Tensor): tf.Scalar {
  const [groups, members] = views.shape as [number, number];
  const rows = groups * members;
  const similarity = tf.matMul(views, views, false, true); // [G, 2M, D] x [G, 2M, D]^T -> [G, 2M, 2M]
  const apart = tf.sub(similarity, tf.mul(tf.eye(members), EXCLUDED));
  const hidden = visible && tf.mul(tf.sub(tf.expandDims(visible, 1), 1), EXCLUDED); // [G, 2M] -> [G, 1, 2M]
  const logits = tf.reshape(hidden ? tf.add(apart, hidden) : apart, [rows, members]); // [G, 2M, 2M] -> [G*2M, 2M]
  const target = tf.tile(tf.tensor2d(partners(members), [members, members]), [groups, 1]); // [2M, 2M] -> [G*2M, 2M]
  const weight = visible ? tf.reshape(visible, [rows]) : tf.ones([rows]); // [G, 2M] -> [G*2M]
  return crossEntropy(logits, target, weight);
}

/** One row per member, 1 at its partner. */
function partners(members: number): Float32Array {
  const target = new Float32Array(members * members);
  for (let i = 0; i < members; i++) target[i * members + ((i + members / 2) % members)] = 1;
  return target;
}
