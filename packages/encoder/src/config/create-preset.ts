import { didYouMean, PatchBertError, parseConfig } from '@patchbert/errors';
import { type DecoderConfig, type EncoderConfig, encoderConfigSchema } from './encoder-config.ts';
import { type MaskedAutoencoderConfig, maskedAutoencoderConfigSchema } from './masked-autoencoder-config.ts';

const presets = {
  tiny: { width: 32, layers: 2, heads: 4, feedForwardWidth: 64 },
  small: { width: 64, layers: 3, heads: 4, feedForwardWidth: 128 },
  base: { width: 128, layers: 3, heads: 16, feedForwardWidth: 512 },
} as const;

export type PresetName = keyof typeof presets;

/** Names that `createPreset` knows, smallest first. */
export const presetNames = Object.keys(presets) as readonly PresetName[];

type Overrides<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The patches, which no preset can know, and whatever should differ from the preset. */
export interface PresetOptions extends Overrides<Omit<EncoderConfig, 'patchLength' | 'patchCount'>> {
  readonly patchLength: number;
  readonly patchCount: number;
  readonly corruption?: MaskedAutoencoderConfig['corruption'] | undefined;
  readonly target?: MaskedAutoencoderConfig['target'] | undefined;
  readonly decoder?: Overrides<DecoderConfig> | undefined;
}

/**
 * A configuration by name: `tiny` (32 wide, 2 layers), `small` (64, 3) or `base` (128, 3), with a decoder of one block,
 * half as wide, when `corruption` is `visible-only` (the default).
 *
 * @throws PatchBertError `encoder/unknown-preset`; `config/invalid` when the overrides do not fit together.
 * @example
 * const config = createPreset('small', { patchLength: 12, patchCount: 42, dropout: 0.1 });
 */
export function createPreset(name: PresetName, options: PresetOptions): MaskedAutoencoderConfig {
  if (!Object.hasOwn(presets, name)) {
    const hint = didYouMean(name, presetNames) || ` Choose one of ${presetNames.join(', ')}.`;
    throw new PatchBertError('encoder/unknown-preset', `createPreset: there is no preset "${name}".${hint}`);
  }
  const { corruption = 'visible-only', target, decoder, ...overrides } = options;
  const where = `createPreset("${name}")`;
  const encoder = parseConfig(encoderConfigSchema, { ...presets[name], ...defined(overrides) }, where);
  const wantsDecoder = corruption === 'visible-only' || decoder !== undefined;
  const config = {
    encoder,
    corruption,
    ...defined({ target }),
    ...(wantsDecoder && { decoder: { ...decoderFor(encoder), ...defined(decoder ?? {}) } }),
  };
  return parseConfig(maskedAutoencoderConfigSchema, config, where);
}

/** One block of half the encoder's width, even for sines and cosines, with about as wide heads. */
function decoderFor(encoder: EncoderConfig): DecoderConfig {
  const width = Math.max(2, 2 * Math.round(encoder.width / 4));
  let heads = Math.max(1, Math.floor(encoder.heads / 2));
  while (width % heads !== 0) heads--;
  return { width, layers: 1, heads, feedForwardWidth: 2 * width };
}

function defined<T extends object>(overrides: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(overrides).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
