import { PatchBertError } from '@patchbert/errors';
import type { Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import { decoderStack, type MaskedAutoencoderConfig } from '../config/masked-autoencoder-config.ts';
import { linearLayer } from '../layers/linear-layer.ts';
import { weightsBelow } from '../layers/weights.ts';
import { decodePatches } from './decode-patches.ts';
import { encodePatches } from './encode-patches.ts';
import type { EncoderInput } from './encoder-input.ts';

/**
 * Reconstructs every patch, visible and hidden, in the normalised space of the input: `[S, N, P] -> [S, N, P]`.
 *
 * `visible-only` needs `input.visible`, `token` and `bert` need `input.tokenMask`.
 *
 * @throws PatchBertError `encoder/bad-input` when an entry is missing or too many; `encoder/bad-shape`,
 * `encoder/missing-tensor`.
 * @example
 * const prediction = reconstruct(parameters, config, { patches, visible });
 */
export function reconstruct(
  parameters: Tensors,
  config: MaskedAutoencoderConfig,
  input: EncoderInput,
): tf.Tensor3D {
  checkInput(config, input);
  const { decoder } = config;
  const encoded = encodePatches(parameters, config.encoder, input); // [S, N, P] -> [S, T, D]
  const described =
    decoder && input.visible
      ? decodePatches(parameters, decoderStack(config, decoder), encoded, input.visible, input.keyMask)
      : encoded;
  return linearLayer(described, weightsBelow(parameters, 'head')); // [S, N, D or Dd] -> [S, N, P]
}

function checkInput({ corruption }: MaskedAutoencoderConfig, { visible, tokenMask }: EncoderInput): void {
  const refuse = (what: string): never => {
    throw new PatchBertError('encoder/bad-input', `reconstruct: corruption "${corruption}" ${what}.`);
  };
  const wantsVisible = corruption === 'visible-only';
  const wantsToken = corruption === 'token' || corruption === 'bert';
  if (wantsVisible && !visible) refuse('encodes visible patches alone; pass visible, made by visibleOrder');
  if (!wantsVisible && visible) refuse('encodes every patch; leave visible out');
  if (wantsToken && !tokenMask)
    refuse('puts a learned token in place; pass tokenMask, made by corruptPatches');
  if (!wantsToken && tokenMask) refuse('has no mask token in the encoder; leave tokenMask out');
}
