import { scaledDotProductAttention } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { linearLayer } from './linear-layer.ts';
import { type Weights, within } from './weights.ts';

export interface AttentionOptions {
  /** Number of series S whose tokens lie one after another in the rows. */
  readonly series: number;
  readonly heads: number;
  /** Added to the scores of each key, `[S, 1, 1, T]`: 0, or a large negative number where nothing may look. */
  readonly keyBias?: tf.Tensor4D | undefined;
  /** Multiplied to the attention weights, `[S, H, T, T]`: a dropout mask of 0 and 1 / (1 - p). */
  readonly weightMask?: tf.Tensor4D | undefined;
}

/**
 * Multi-head self-attention (Vaswani et al. 2017): every token looks at the tokens of its own series, `[S*T, D] -> [S*T, D]`.
 *
 * @param weights `query`, `key`, `value` and `output`, each with `weight` `[D, D]` and `bias` `[D]`; head `h` owns output rows
 * `h*D/H` to `(h+1)*D/H - 1` of the first three, as in PyTorch.
 */
export function selfAttention(tokens: tf.Tensor2D, weights: Weights, options: AttentionOptions): tf.Tensor2D {
  const { series, heads, keyBias, weightMask } = options;
  const [rows, width] = tokens.shape;
  const length = rows / series;

  const projectToHeads = (name: string): tf.Tensor4D => {
    const projected = linearLayer(tokens, within(weights, name)); // [S*T, D] -> [S*T, D]
    const split = tf.reshape(projected, [series, length, heads, width / heads]); // [S*T, D] -> [S, T, H, D/H]
    return tf.transpose(split, [0, 2, 1, 3]) as tf.Tensor4D; // [S, T, H, D/H] -> [S, H, T, D/H]
  };

  const [query, key, value] = [projectToHeads('query'), projectToHeads('key'), projectToHeads('value')];
  const { output } = scaledDotProductAttention(query, key, value, keyBias, weightMask); // 3 x [S, H, T, D/H] -> [S, H, T, D/H]
  const joined = tf.transpose(output, [0, 2, 1, 3]); // [S, H, T, D/H] -> [S, T, H, D/H]
  const flat = tf.reshape(joined, [rows, width]) as tf.Tensor2D; // [S, T, H, D/H] -> [S*T, D]
  return linearLayer(flat, within(weights, 'output')); // [S*T, D] -> [S*T, D]
}
