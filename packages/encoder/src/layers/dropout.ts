import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './weights.ts';

/** Dropout (Srivastava et al. 2014) by a mask drawn on the host, 0 or 1 / (1 - p); without masks, `x` itself. */
export function dropout(x: tf.Tensor2D, masks: Weights | undefined, name: string): tf.Tensor2D {
  return masks === undefined ? x : tf.mul(x, masks<tf.Tensor2D>(name));
}
