import { placeMaskToken, type Tensors, takeTokens } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.ts';
import { addPosition } from '../layers/add-position.ts';
import { linearLayer } from '../layers/linear-layer.ts';
import { transformerLevels } from '../layers/transformer.ts';
import { type Weights, weightsBelow, within } from '../layers/weights.ts';
import { checkPatches, type EncoderInput } from './encoder-input.ts';

/**
 * The encoder: patches `[S, N, P]` become tokens `[S, T, D]`, T = V with `input.visible` or `input.places`, else N.
 *
 * Embed, put the mask token in place, add the position, take the visible tokens, run the blocks. Position comes after the
 * mask token, so a masked place is still known, and before the selection, so a visible patch keeps its own place. A class
 * token is looked at by the others, and not among what is returned: `encodeLevels` has it.
 *
 * @param parameters tensors by the names of `parameterSpecs`; those of `encoder.*` are read.
 * @throws PatchBertError `encoder/bad-shape`, `encoder/missing-tensor`.
 * @example
 * const tokens = encodePatches(parameters, config.encoder, { patches });
 */
export function encodePatches(parameters: Tensors, config: EncoderConfig, input: EncoderInput): tf.Tensor3D {
  return patchTokens(encodeLevels(parameters, config, input).output, config);
}

/** What the encoder has of a series at each depth. T counts the class token, which comes first, where there is one. */
export interface EncodedLevels {
  /** The embedded patches, before positions: `[S, V or N, D]`. */
  readonly embedding: tf.Tensor3D;
  /** What each block leaves, first to last, before the final norm: `[S, T, D]` each. */
  readonly blocks: readonly tf.Tensor3D[];
  /** After the final norm: `[S, T, D]`. */
  readonly output: tf.Tensor3D;
}

/**
 * `encodePatches`, with what each depth has: heads that read several levels learn faster than those of the last one alone.
 *
 * @throws PatchBertError `encoder/bad-shape`, `encoder/missing-tensor`.
 * @example
 * const { embedding, blocks, output } = encodeLevels(parameters, config, { patches });
 */
export function encodeLevels(parameters: Tensors, config: EncoderConfig, input: EncoderInput): EncodedLevels {
  checkPatches(input, config);
  const { patches, tokenMask, keyMask, visible, places, dropoutMasks } = input;
  const weights = weightsBelow(parameters, 'encoder');
  const masks = dropoutMasks && config.dropout > 0 ? weightsBelow(dropoutMasks, 'encoder') : undefined;

  const embedded = linearLayer(patches, within(weights, 'embedding')); // [S, N, P] -> [S, N, D]
  const tokens = tokenMask
    ? placeMaskToken(embedded, weights<tf.Tensor1D>('maskToken'), tokenMask)
    : embedded;
  const placed = addPosition(tokens, weights, config.position, config.patchCount, places);
  const seen = visible ? takeTokens(placed, visible) : placed; // [S, N, D] -> [S, V, D]
  const levels = config.classToken
    ? transformerLevels(withClassToken(seen, weights), weights, config, {
        keyMask: keyMask && tf.concat([tf.ones<tf.Rank.R2>([keyMask.shape[0], 1]), keyMask], 1), // [S, V] -> [S, 1+V]
        masks,
      })
    : transformerLevels(seen, weights, config, { keyMask, masks }); // [S, T, D] -> [S, T, D]
  return { embedding: tokens, ...levels };
}

/** The tokens of the patches alone, `[S, 1+V, D] -> [S, V, D]`; as they are when there is no class token. */
export function patchTokens(
  tokens: tf.Tensor3D,
  { classToken }: Pick<EncoderConfig, 'classToken'>,
): tf.Tensor3D {
  if (!classToken) return tokens;
  const [series, count, width] = tokens.shape;
  return tf.slice(tokens, [0, 1, 0], [series, count - 1, width]); // [S, 1+V, D] -> [S, V, D]
}

function withClassToken(tokens: tf.Tensor3D, weights: Weights): tf.Tensor3D {
  const [series, , width] = tokens.shape;
  const token = tf.reshape(weights('classToken'), [1, 1, width]); // [D] -> [1, 1, D]
  const repeated = tf.add(tf.zeros([series, 1, width]), token) as tf.Tensor3D; // [1, 1, D] -> [S, 1, D]
  return tf.concat([repeated, tokens], 1); // [S, 1, D] and [S, V, D] -> [S, 1+V, D]
}
