import { type EncoderConfig, patchWidth } from '../config/encoder-config.ts';
import {
  decoderStack,
  encodedTokenCount,
  type MaskedAutoencoderConfig,
} from '../config/masked-autoencoder-config.ts';

export interface StepFlops {
  /** Floating-point operations of a forward pass. */
  readonly forward: number;
  /** Forward and backward pass. */
  readonly training: number;
}

/**
 * Floating-point operations of one step on a batch, matrix products alone: 2 per multiply-add, and a backward pass of twice
 * the forward one (one product for the inputs' gradient, one for the weights').
 *
 * @example
 * stepFlops(config, { series: 64, maskedPatches: 17 }).training; // divide by seconds per step for FLOP/s
 */
export function stepFlops(
  config: MaskedAutoencoderConfig,
  batch: { readonly series: number; readonly maskedPatches: number },
): StepFlops {
  const { encoder, decoder } = config;
  const { patchCount } = encoder;
  const tokens = encodedTokenCount(config, batch.maskedPatches) + Number(encoder.classToken);
  let products = patchCount * patchWidth(encoder) * encoder.width + stackProducts(encoder, tokens);
  if (decoder) {
    products += tokens * encoder.width * decoder.width;
    products += stackProducts(decoderStack(config, decoder), patchCount);
  }
  products += patchCount * (decoder ?? encoder).width * patchWidth(encoder);
  const forward = 2 * products * batch.series;
  return { forward, training: 3 * forward };
}

/** Multiply-adds of a stack of blocks on the tokens of one series. */
function stackProducts({ layers, width, feedForwardWidth }: EncoderConfig, tokens: number): number {
  const projections = tokens * 4 * width * width;
  const scoresAndMixing = 2 * tokens * tokens * width;
  const feedForward = tokens * 2 * width * feedForwardWidth;
  return layers * (projections + scoresAndMixing + feedForward);
}
