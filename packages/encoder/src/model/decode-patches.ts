import { restoreTokens, type Tensors, type TokenIndex } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import { addPosition } from '../layers/add-position.ts';
import { linearLayer } from '../layers/linear-layer.ts';
import { transformer } from '../layers/transformer.ts';
import { weightsBelow, within } from '../layers/weights.ts';

/**
 * The decoder of a masked autoencoder (He et al. 2022): encoded visible tokens `[S, V, D]` go back to their places, a mask
 * token fills the hidden ones, positions and blocks follow; `[S, V, D] -> [S, N, Dd]`.
 *
 * @param stack the decoder's blocks, from `decoderStack`.
 * @param keyMask `[S, V]`, that of the encoder. Hidden places may always be looked at: they hold no data.
 */
export function decodePatches(
  parameters: Tensors,
  stack: EncoderConfig,
  encoded: tf.Tensor3D,
  visible: TokenIndex,
  keyMask?: tf.Tensor2D,
): tf.Tensor3D {
  const weights = weightsBelow(parameters, 'decoder');
  const narrowed = linearLayer(encoded, within(weights, 'embedding')); // [S, V, D] -> [S, V, Dd]
  const restored = restoreTokens(narrowed, weights<tf.Tensor1D>('maskToken'), visible); // [S, V, Dd] -> [S, N, Dd]
  const placed = addPosition(restored, weights, stack.position, stack.patchCount);
  return transformer(placed, weights, stack, { keyMask: keyMask && restoreKeyMask(keyMask, visible) });
}

function restoreKeyMask(keyMask: tf.Tensor2D, visible: TokenIndex): tf.Tensor2D {
  const asTokens = tf.expandDims(keyMask, 2) as tf.Tensor3D; // [S, V] -> [S, V, 1]
  const restored = restoreTokens(asTokens, tf.ones([1]), visible); // [S, V, 1] -> [S, N, 1]
  return tf.squeeze(restored, [2]); // [S, N, 1] -> [S, N]
}
