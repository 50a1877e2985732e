import {
  createPreset,
  encodedTokenCount,
  encoderConfigSchema,
  maskedAutoencoderConfigSchema,
  type PresetName,
  presetNames,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { describe, expect, it } from 'vitest';

const encoder = { patchLength: 12, patchCount: 42, width: 64, layers: 3, heads: 4, feedForwardWidth: 128 };
const decoder = { width: 32, heads: 2, feedForwardWidth: 64 };
const parseEncoder = (value: unknown) => parseConfig(encoderConfigSchema, value, 'encoder');
const parseModel = (value: unknown) => parseConfig(maskedAutoencoderConfigSchema, value, 'model');

describe('encoderConfigSchema', () => {
  it('fills in defaults and freezes', () => {
    const config = parseEncoder(encoder);
    expect(config).toEqual({
      ...encoder,
      inputChannels: 1,
      classToken: false,
      normPlacement: 'pre',
      position: 'learned',
      activation: 'gelu',
      dropout: 0,
      normEpsilon: 1e-5,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('refuses heads that do not divide the width, naming both', () => {
    expect(() => parseEncoder({ ...encoder, heads: 5 })).toThrow(/5 heads do not divide width 64/);
  });

  it('refuses unknown keys with a suggestion', () => {
    expect(() => parseEncoder({ ...encoder, patchLenght: 3 })).toThrow(
      /"patchLenght".*Did you mean "patchLength"/,
    );
    expect(() => parseModel({ encoder: { ...encoder, widht: 3 }, decoder })).toThrow(
      /"encoder.widht".*Did you mean "width"/,
    );
  });

  it.each([
    ['sincos with an odd width', { position: 'sincos', width: 63, heads: 3 }, /even width, not 63/],
    ['dropout 1', { dropout: 1 }, /dropout/],
    ['width 0', { width: 0 }, /width/],
    ['a fractional width', { width: 1.5 }, /width/],
    ['a width of text', { width: '64' }, /width/],
    ['endless layers', { layers: 1e9 }, /layers/],
    ['epsilon 0', { normEpsilon: 0 }, /normEpsilon/],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseEncoder({ ...encoder, ...change })).toThrow(message);
  });
});

describe('maskedAutoencoderConfigSchema', () => {
  it('hides patches from the encoder by default, with a decoder of one layer', () => {
    expect(parseModel({ encoder, decoder })).toMatchObject({
      corruption: 'visible-only',
      target: 'values',
      decoder: { ...decoder, layers: 1 },
    });
  });

  it('asks for a decoder exactly when one is used', () => {
    expect(() => parseModel({ encoder })).toThrow(/"decoder": corruption "visible-only" needs a decoder/);
    expect(() => parseModel({ encoder, decoder, corruption: 'zero' })).toThrow(/"zero".*remove the decoder/);
  });

  it('checks the decoder as it checks the encoder', () => {
    expect(() => parseModel({ encoder, decoder: { ...decoder, heads: 3 } })).toThrow(
      /3 heads do not divide width 32/,
    );
    const odd = { width: 33, heads: 3, feedForwardWidth: 64 };
    expect(() => parseModel({ encoder: { ...encoder, position: 'sincos' }, decoder: odd })).toThrow(
      /"decoder.width".*not 33/,
    );
  });
});

describe('createPreset', () => {
  const patches = { patchLength: 12, patchCount: 42 };

  it('knows three sizes', () => {
    const shapes = presetNames.map((name) => {
      const { width, layers, heads, feedForwardWidth } = createPreset(name, patches).encoder;
      return [name, width, layers, heads, feedForwardWidth];
    });
    expect(shapes).toEqual([
      ['tiny', 32, 2, 4, 64],
      ['small', 64, 3, 4, 128],
      ['base', 128, 3, 16, 512],
    ]);
  });

  it('adds a decoder of one block, half as wide, to visible-only alone', () => {
    expect(createPreset('base', patches).decoder).toEqual({
      width: 64,
      layers: 1,
      heads: 8,
      feedForwardWidth: 128,
    });
    expect(createPreset('base', { ...patches, corruption: 'token' }).decoder).toBeUndefined();
    expect(() => createPreset('base', { ...patches, corruption: 'token', decoder: { layers: 2 } })).toThrow(
      /remove/,
    );
  });

  it.each([
    { width: 6, heads: 1 },
    { width: 10, heads: 5 },
    { width: 48, heads: 3 },
    { width: 1, heads: 1 },
    { width: 90, heads: 15, position: 'sincos' as const },
  ])('finds a decoder for %o', (overrides) => {
    const { decoder } = createPreset('tiny', { ...patches, ...overrides });
    expect(decoder!.width % decoder!.heads).toBe(0);
  });

  it('lets every field be overridden, and ignores undefined ones', () => {
    const config = createPreset('tiny', {
      ...patches,
      width: 24,
      heads: undefined,
      dropout: 0.2,
      position: 'none',
      target: 'per-patch-normalised',
      decoder: { layers: 2, width: undefined },
    });
    expect(config.encoder).toMatchObject({ width: 24, heads: 4, dropout: 0.2, position: 'none' });
    expect(config.decoder).toMatchObject({ width: 12, layers: 2 });
    expect(config.target).toBe('per-patch-normalised');
  });

  it('refuses a misspelt name or key with a suggestion', () => {
    expect(() => createPreset('smal' as PresetName, patches)).toThrow(/Did you mean "small"/);
    expect(() => createPreset('toString' as PresetName, patches)).toThrow(/Choose one of tiny, small, base/);
    const misspelt = { ...patches, dropuot: 0.1 };
    expect(() => createPreset('tiny', misspelt)).toThrow(/"dropuot".*Did you mean "dropout"/);
    expect(() => createPreset('tiny', { ...patches, width: Number.NaN })).toThrow(/width/);
  });
});

describe('encodedTokenCount', () => {
  it('counts visible patches where only those are encoded', () => {
    const patches = { patchLength: 12, patchCount: 42 };
    expect(encodedTokenCount(createPreset('tiny', patches), 17)).toBe(25);
    expect(encodedTokenCount(createPreset('tiny', { ...patches, corruption: 'bert' }), 17)).toBe(42);
  });
});
