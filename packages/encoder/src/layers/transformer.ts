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

type StackConfig = BlockConfig & { readonly layers: number };

/**
 * A stack of blocks, `[S, T, D] -> [S, T, D]`, with a final norm when blocks normalise their inputs.
 * Between the blocks tokens lie in a matrix of S*T rows: only attention needs to know which series a token belongs to.
 */
export function transformer(
  tokens: tf.Tensor3D,
  weights: Weights,
  config: StackConfig,
  options: TransformerOptions = {},
): tf.Tensor3D {
  return transformerLevels(tokens, weights, config, options).output;
}

/** What each block leaves behind, and what the stack gives in the end; all `[S, T, D]`. */
export interface TransformerLevels {
  /** Outputs of the blocks, first to last, before the final norm. */
  readonly blocks: readonly tf.Tensor3D[];
  /** The last block's output, normalised when blocks normalise their inputs. */
  readonly output: tf.Tensor3D;
}

/** `transformer`, with the output of every block. */
export function transformerLevels(
  tokens: tf.Tensor3D,
  weights: Weights,
  config: StackConfig,
  { keyMask, masks }: TransformerOptions = {},
): TransformerLevels {
  const [series, length, width] = tokens.shape;
  const asSeries = (rows: tf.Tensor2D) => tf.reshape(rows, [series, length, width]) as tf.Tensor3D; // [S*T, D] -> [S, T, D]
  const keyBias = keyMask && keyBiasFromMask(keyMask); // [S, T] -> [S, 1, 1, T]
  const rows = tf.reshape(tokens, [series * length, width]) as tf.Tensor2D; // [S, T, D] -> [S*T, D]
  let x = dropout(rows, masks, 'embedding');
  const blocks: tf.Tensor3D[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `layers.${layer}`;
    const blockMasks = masks && within(masks, name);
    x = transformerBlock(x, within(weights, name), config, { series, keyBias, masks: blockMasks });
    blocks.push(asSeries(x));
  }
  if (config.normPlacement === 'pre') x = normLayer(x, within(weights, 'norm'), config.normEpsilon);
  return { blocks, output: asSeries(x) };
}
