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

/** A loss, and what was measured on the way to it. */
export interface MeasuredLoss {
  readonly loss: tf.Scalar;
  /**
   * New values of state entries that are measured, not learned, such as the running statistics of batch normalisation: under
   * the names and shapes they have in the state. They carry no gradient, and no optimiser sees them.
   */
  readonly measured: Tensors;
}

/**
 * An objective of a model some of whose state is measured during training. `trainingStep` writes it back; `evaluate` reads it, as
 * predictions do.
 */
export interface MeasuringObjective extends Pick<Objective, 'evaluate'> {
  loss(parameters: Tensors, batch: Tensors): MeasuredLoss;
}
