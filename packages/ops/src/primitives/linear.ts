import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/**
 * `y = x weight^T + bias` over the last axis, as one matrix product.
 *
 * @param x `[..., I]`.
 * @param weight `[O, I]`, as PyTorch stores it.
 * @param bias `[O]`; none when left out.
 * @returns `[..., O]`.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const y = linear(tf.ones([2, 5, 6]), tf.ones([4, 6]), tf.zeros([4])); // [2, 5, 4]
 */
export function linear<T extends tf.Tensor>(x: T, weight: tf.Tensor, bias?: tf.Tensor): T {
  const inputWidth = x.shape[x.rank - 1];
  const [outputWidth, weightWidth] = weight.shape;
  if (weight.rank !== 2 || inputWidth !== weightWidth || (bias && bias.size !== outputWidth)) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `linear: x is [${x.shape}], weight [${weight.shape}]${bias ? ` and bias [${bias.shape}]` : ''}; expected [..., I], [O, I] and [O].`,
    );
  }
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, inputWidth!]); // [..., I] -> [M, I]
    const product = tf.matMul(rows, weight, false, true); // [M, I] x [O, I]^T -> [M, O]
    const shifted = bias ? tf.add(product, bias) : product;
    return tf.reshape(shifted, [...x.shape.slice(0, -1), outputWidth!]) as tf.Tensor as T; // [M, O] -> [..., O]
  });
}
