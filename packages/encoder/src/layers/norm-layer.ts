import { layerNorm } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './weights.ts';

/** Layer normalisation over the last axis (Ba et al. 2016), shape kept. */
export function normLayer<T extends tf.Tensor>(x: T, weights: Weights, epsilon: number): T {
  return layerNorm(x, weights<tf.Tensor1D>('scale'), weights<tf.Tensor1D>('offset'), epsilon) as T;
}
