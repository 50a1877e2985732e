import { keyBiasFromMask } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { dropout } from './dropout.ts';
import { normLayer } from './norm-layer.ts';
import { type BlockConfig, transformerBlock } from './transformer-block.ts';
import { type Weights, within } from './weights.ts';

export interface TransformerOptions {
  /** `[S, T]`, 1 where a token may be looked at. Default: everywhere. */
  readonly keyMask?: tf.Tensor2D | undefined;
  /** Dropout masks below the stack's name: `embedding`, `layers.{i}.attention`, `layers.{i}.feedForward`. */
  readonly masks?: Weights | undefined;
}

/**
 * A stack of blocks, `[S, T, D] -> [S, T, D]`, with a final norm when blocks normalise their inputs.
 * Between the blocks tokens lie in a matrix of S*T rows: only attention needs to know which series a token belongs to.
 */
export function transformer(
  tokens: tf.Tensor3D,
  weights: Weights,
  config: BlockConfig & { readonly layers: number },
  { keyMask, masks }: TransformerOptions = {},
): tf.Tensor3D {
  const [series, length, width] = tokens.shape;
  const keyBias = keyMask && keyBiasFromMask(keyMask); // [S, T] -> [S, 1, 1, T]
  const rows = tf.reshape(tokens, [series * length, width]) as tf.Tensor2D; // [S, T, D] -> [S*T, D]
  let x = dropout(rows, masks, 'embedding');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `layers.${layer}`;
    const blockMasks = masks && within(masks, name);
    x = transformerBlock(x, within(weights, name), config, { series, keyBias, masks: blockMasks });
  }
  if (config.normPlacement === 'pre') x = normLayer(x, within(weights, 'norm'), config.normEpsilon);
  return tf.reshape(x, [series, length, width]) as tf.Tensor3D; // [S*T, D] -> [S, T, D]
}
