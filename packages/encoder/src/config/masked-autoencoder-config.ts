import type { Corruption } from '@patchbert/ops';
import { z } from 'zod';
import {
  type DecoderConfig,
  decoderConfigSchema,
  type EncoderConfig,
  encoderConfigSchema,
  refuseOddWidth,
} from './encoder-config.ts';

const corruptions = ['visible-only', 'zero', 'token', 'bert'] as const satisfies readonly Corruption[];

/**
 * A masked autoencoder: an encoder, what it sees at hidden patches, and what reads its output.
 *
 * `visible-only` (the default; He et al. 2022) encodes visible patches alone and needs a `decoder`; the other corruptions
 * encode every patch and reconstruct with one linear layer.
 */
export const maskedAutoencoderConfigSchema = z
  .strictObject({
    encoder: encoderConfigSchema,
    decoder: decoderConfigSchema.optional(),
    corruption: z.enum(corruptions).default('visible-only'),
    /** What is reconstructed: normalised values, or each patch normalised by its own mean and deviation. */
    target: z.enum(['values', 'per-patch-normalised']).default('values'),
  })
  .superRefine(({ encoder, decoder, corruption }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['decoder'], message });
    if (corruption === 'visible-only' && decoder === undefined) {
      refuse('corruption "visible-only" needs a decoder; add one or choose another corruption');
    }
    if (corruption !== 'visible-only' && decoder !== undefined) {
      refuse(`corruption "${corruption}" reconstructs with a linear layer; remove the decoder`);
    }
    if (encoder.position === 'sincos' && decoder !== undefined) {
      refuseOddWidth(decoder.width, context, ['decoder', 'width']);
    }
  });

/** A complete masked autoencoder configuration, defaults filled in. */
export type MaskedAutoencoderConfig = Readonly<z.output<typeof maskedAutoencoderConfigSchema>>;

/** How many tokens per series the encoder works on. */
export function encodedTokenCount(config: MaskedAutoencoderConfig, maskedPatches: number): number {
  const { patchCount } = config.encoder;
  return config.corruption === 'visible-only' ? patchCount - maskedPatches : patchCount;
}

/**
 * The decoder as a stack of blocks like the encoder's, narrower and without dropout. It has positions even when the encoder
 * has none: without them all hidden patches would be the same token and get the same reconstruction.
 */
export function decoderStack({ encoder }: MaskedAutoencoderConfig, decoder: DecoderConfig): EncoderConfig {
  const position = encoder.position === 'sincos' ? 'sincos' : 'learned';
  return { ...encoder, ...decoder, position, dropout: 0 };
}
