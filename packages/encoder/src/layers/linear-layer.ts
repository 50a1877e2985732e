import { linear } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './weights.ts';

/** `x W^T + b`, `[..., in] -> [..., out]`. */
export function linearLayer<T extends tf.Tensor>(x: T, weights: Weights): T {
  return linear(x, weights<tf.Tensor2D>('weight'), weights<tf.Tensor1D>('bias')) as T;
}
