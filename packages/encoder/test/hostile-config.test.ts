import {
  createPreset,
  encoderConfigSchema,
  encoderParameterSpecs,
  forecastHeadConfigSchema,
  initialiseHead,
  initialiseMaskedAutoencoder,
  initialiseParameters,
  maskedAutoencoderConfigSchema,
} from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';

const config = {
  patchLength: 4,
  patchCount: 3,
  width: 8,
  layers: 1,
  heads: 2,
  feedForwardWidth: 16,
};
const parse = (changes: object) => () =>
  parseConfig(encoderConfigSchema, { ...config, ...changes }, 'encoder.json');

/** The object and all in it, frozen. */
function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner) deepFrozen(inner);
  return Object.freeze(value);
}

describe('a configuration', () => {
  const sizes = [
    'patchLength',
    'patchCount',
    'width',
    'layers',
    'heads',
    'feedForwardWidth',
    'inputChannels',
  ];
  it.each(sizes)('refuses %s of -1, 0, 1.5, "8", null, NaN, Infinity and a list', (key) => {
    for (const value of [-1, 0, 1.5, '8', null, Number.NaN, Number.POSITIVE_INFINITY, [8]]) {
      expect(parse({ [key]: value }), String(value)).toThrow(`encoder.json: "${key}"`);
    }
  });

  it.each([
    ['width 1e9', { width: 1e9, heads: 1 }, /about 4\.0e\+18 parameters; at most 1000000000/],
    ['10^12 parameters', { width: 2 ** 18, layers: 4, heads: 1 }, /about 1\.1e\+12 parameters/],
    ['a hidden layer of 10^12', { feedForwardWidth: 1e12 }, /about 1\.6e\+13 parameters/],
    ['a table of 10^12 sines', { patchCount: 1e12, position: 'sincos' }, /about 8\.0e\+12 parameters/],
    ['patches of 10^12 points', { patchLength: 1e12 }, /about 8\.0e\+12 parameters/],
    ['10^9 layers', { layers: 1e9 }, /"layers"/],
    ['a product beyond 2^53', { width: 2 ** 52, heads: 1 }, /parameters/],
    ['heads that do not divide', { heads: 3 }, /3 heads do not divide width 8/],
    ['an odd width with sines and cosines', { width: 9, heads: 3, position: 'sincos' }, /even width, not 9/],
    ['an unknown key', { widht: 8 }, /unknown key "widht"\. Did you mean "width"\?/],
  ])('refuses %s before anything is allocated', (_, changes, says) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(parse(changes)).toThrow(says);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('refuses a decoder of 10^12 parameters, and one of odd width with sines', () => {
    const decoder = { width: 2 ** 20, heads: 1, feedForwardWidth: 8 };
    expect(() => parseConfig(maskedAutoencoderConfigSchema, { encoder: config, decoder }, 'model')).toThrow(
      /"decoder\.width": the model would have about 4\.4e\+12/,
    );
    const odd = { encoder: { ...config, position: 'sincos' }, decoder: { ...decoder, width: 7 } };
    expect(() => parseConfig(maskedAutoencoderConfigSchema, odd, 'model')).toThrow(/even width, not 7/);
  });

  it('works all the same with learned positions of an odd width', () => {
    const odd = parse({ width: 9, heads: 3 })();
    const parameters = initialiseParameters(encoderParameterSpecs(odd), randomKey(0));
    expect(parameters['encoder.position']!.shape).toEqual([3, 9]);
  });

  it('is never changed: a frozen one works, and gives a frozen one', () => {
    const given = deepFrozen({
      encoder: { ...config },
      decoder: { width: 4, heads: 1, feedForwardWidth: 8 },
    });
    const copy = structuredClone(given);
    const parsed = parseConfig(maskedAutoencoderConfigSchema, given, 'model');
    expect(Object.isFrozen(parsed) && Object.isFrozen(parsed.encoder)).toBe(true);
    initialiseMaskedAutoencoder(parsed, randomKey(0));
    createPreset('tiny', deepFrozen({ patchLength: 4, patchCount: 3 }));
    const open = { encoder: { ...config }, decoder: { width: 4, heads: 1, feedForwardWidth: 8 } };
    parseConfig(maskedAutoencoderConfigSchema, open, 'model');
    expect(given).toEqual(copy);
    expect(Object.isFrozen(open.encoder)).toBe(false);
  });
});

it('a head of 10^12 weights is refused before it is allocated', () => {
  const head = parseConfig(forecastHeadConfigSchema, { horizon: 1e10 }, 'head');
  expect(() => initialiseHead(head, parse({})(), randomKey(0))).toThrow(
    expect.objectContaining({ code: 'encoder/too-many-parameters' }),
  );
});
