import type { Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';

/** What training lowers and validation measures, as pure functions over named tensors. */
export interface Objective {
  /** The scalar to lower; differentiable in every parameter. */
  loss(parameters: Tensors, batch: Tensors): tf.Scalar;
  /**
   * Scalars that add up over batches, and predictions: at least `squaredError`, the weighted sum of squared errors, and
   * `count`, the sum of the weights.
   */
  evaluate(parameters: Tensors, batch: Tensors): Tensors;
}
