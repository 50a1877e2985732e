import { placeMaskToken, type Tensors, takeTokens } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import { addPosition } from '../layers/add-position.ts';
import { linearLayer } from '../layers/linear-layer.ts';
import { transformer } from '../layers/transformer.ts';
import { weightsBelow, within } from '../layers/weights.ts';
import { checkPatches, type EncoderInput } from './encoder-input.ts';

/**
 * The encoder: patches `[S, N, P]` become tokens `[S, T, D]`, T = V with `input.visible`, else N.
 *
 * Embed, put the mask token in place, add the position, take the visible tokens, run the blocks. Position comes after the
 * mask token, so a masked place is still known, and before the selection, so a visible patch keeps its own place.
 *
 * @param parameters tensors by the names of `parameterSpecs`; those of `encoder.*` are read.
 * @throws PatchBertError `encoder/bad-shape`, `encoder/missing-tensor`.
 * @example
 * const tokens = encodePatches(parameters, config.encoder, { patches });
 */
export function encodePatches(parameters: Tensors, config: EncoderConfig, input: EncoderInput): tf.Tensor3D {
  checkPatches(input, config);
  const { patches, tokenMask, keyMask, visible, dropoutMasks } = input;
  const weights = weightsBelow(parameters, 'encoder');
  const masks = dropoutMasks && config.dropout > 0 ? weightsBelow(dropoutMasks, 'encoder') : undefined;

  const embedded = linearLayer(patches, within(weights, 'embedding')); // [S, N, P] -> [S, N, D]
  const tokens = tokenMask
    ? placeMaskToken(embedded, weights<tf.Tensor1D>('maskToken'), tokenMask)
    : embedded;
  const placed = addPosition(tokens, weights, config.position);
  const seen = visible ? takeTokens(placed, visible) : placed; // [S, N, D] -> [S, V, D]
  return transformer(seen, weights, config, { keyMask, masks }); // [S, T, D] -> [S, T, D]
}
