import type { Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { MeasuredLoss } from './objective.ts';

export interface ValueGradientsAndMeasured {
  readonly value: tf.Scalar;
  /** One per input, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** Empty for a function that returns its value alone. */
  readonly measured: Tensors;
}

/** `tf.valueAndGrads` of a function that may return other tensors beside its value, in one pass. */
export function valueGradientsAndMeasured(
  compute: (inputs: readonly tf.Tensor[]) => tf.Scalar | MeasuredLoss,
  inputs: readonly tf.Tensor[],
): ValueGradientsAndMeasured {
  let kept: Tensors = {};
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const result = compute(tensors);
    if (!('measured' in result)) return result;
    // What is not the value would not outlive this function.
    kept = mapped(result.measured, (tensor) => tf.keep(tf.clone(tensor)));
    return result.loss;
  })([...inputs]);
  // Clones, which the caller's tidy owns.
  const measured = mapped(kept, (tensor) => tf.clone(tensor));
  tf.dispose(Object.values(kept));
  return { value: value as tf.Scalar, gradients: grads, measured };
}

function mapped(tensors: Tensors, change: (tensor: tf.Tensor) => tf.Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}
