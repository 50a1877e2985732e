import {
  createPreset,
  encoderParameterSpecs,
  initialiseMaskedAutoencoder,
  initialiseParameters,
  type MaskedAutoencoderConfig,
  parameterCount,
  parameterSpecs,
  stepFlops,
} from '@patchbert/encoder';
import { randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';

const patches = { patchLength: 12, patchCount: 42 };
const models: [string, MaskedAutoencoderConfig][] = [
  ['visible-only', createPreset('tiny', patches)],
  ['visible-only, sincos', createPreset('tiny', { ...patches, position: 'sincos' })],
  ['visible-only, no position', createPreset('tiny', { ...patches, position: 'none' })],
  ['zero, post-norm', createPreset('tiny', { ...patches, corruption: 'zero', normPlacement: 'post' })],
  ['token', createPreset('small', { ...patches, corruption: 'token' })],
  ['bert', createPreset('base', { ...patches, corruption: 'bert' })],
];

describe('parameterCount', () => {
  it.each(models)('is the sum of the initialised tensors: %s', (_, config) => {
    const tensors = initialiseMaskedAutoencoder(config, randomKey(0));
    const sum = Object.values(tensors).reduce((total, { data }) => total + data.length, 0);
    expect(parameterCount(config)).toBe(sum);
    expect(Object.keys(tensors)).toEqual(Object.keys(parameterSpecs(config)));
  });

  it('of the base preset is what pencil and paper give', () => {
    const embedding = 128 * 12 + 128;
    const position = 42 * 128;
    const attention = 4 * (128 * 128 + 128);
    const feedForward = 512 * 128 + 512 + (128 * 512 + 128);
    const norm = 2 * 128;
    const head = 12 * 128 + 12;
    const dense = embedding + position + 3 * (attention + feedForward + 2 * norm) + norm + head;
    expect(dense).toBe(603_660);
    expect(parameterCount(createPreset('base', { ...patches, corruption: 'zero' }))).toBe(603_660);
    expect(parameterCount(createPreset('base', { ...patches, corruption: 'token' }))).toBe(603_660 + 128);
  });
});

describe('parameterSpecs', () => {
  it('names what PyTorch would hold, weights [out, in]', () => {
    const specs = parameterSpecs(createPreset('tiny', patches));
    expect(specs['encoder.embedding.weight']!.shape).toEqual([32, 12]);
    expect(specs['encoder.position']!.shape).toEqual([42, 32]);
    expect(specs['encoder.layers.1.feedForward.expand.weight']!.shape).toEqual([64, 32]);
    expect(specs['encoder.layers.1.feedForward.contract.bias']!.shape).toEqual([32]);
    expect(specs['encoder.norm.scale']!.shape).toEqual([32]);
    expect(specs['decoder.embedding.weight']!.shape).toEqual([16, 32]);
    expect(specs['decoder.maskToken']!.shape).toEqual([16]);
    expect(specs['head.weight']!.shape).toEqual([12, 16]);
  });

  it('holds only what the model uses', () => {
    const names = ({ ...overrides }) =>
      Object.keys(parameterSpecs(createPreset('tiny', { ...patches, ...overrides })));
    expect(names({ position: 'sincos' })).not.toContain('encoder.position');
    expect(names({ position: 'sincos' })).not.toContain('decoder.position');
    expect(names({ position: 'none' })).not.toContain('encoder.position');
    expect(names({ position: 'none' })).toContain('decoder.position');
    expect(names({ normPlacement: 'post' })).not.toContain('encoder.norm.scale');
    expect(names({})).not.toContain('encoder.maskToken');
    expect(names({ corruption: 'bert' })).toContain('encoder.maskToken');
    expect(names({ corruption: 'zero' }).filter((name) => name.startsWith('decoder'))).toEqual([]);
  });

  it('contains the encoder alone', () => {
    const config = createPreset('tiny', patches);
    expect(parameterSpecs(config)).toMatchObject(encoderParameterSpecs(config.encoder));
  });
});

describe('initialiseMaskedAutoencoder', () => {
  const config = createPreset('base', { ...patches, corruption: 'token' });
  const tensors = initialiseMaskedAutoencoder(config, randomKey(3));

  it('draws linear weights from the Xavier range and fills it', () => {
    const data = [...tensors['encoder.layers.0.feedForward.expand.weight']!.data];
    const limit = Math.sqrt(6 / (128 + 512));
    const least = data.reduce((a, b) => Math.min(a, b));
    const most = data.reduce((a, b) => Math.max(a, b));
    expect(least).toBeGreaterThanOrEqual(-limit);
    expect(most).toBeLessThanOrEqual(limit);
    expect(Math.min(-least, most)).toBeGreaterThan(0.99 * limit);
    const variance = data.reduce((sum, x) => sum + x * x, 0) / data.length;
    expect(variance).toBeCloseTo(limit ** 2 / 3, 4);
  });

  it('starts positions as sines and cosines, tokens near 0, biases and norms at rest', () => {
    const position = tensors['encoder.position']!;
    expect([...position.data.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
    const [, width] = position.shape as [number, number];
    expect(position.data[width]).toBeCloseTo(Math.sin(1), 6);
    expect(position.data[width + 1]).toBeCloseTo(Math.cos(1), 6);
    const token = [...tensors['encoder.maskToken']!.data];
    const deviation = Math.sqrt(token.reduce((sum, x) => sum + x * x, 0) / token.length);
    expect(deviation).toBeGreaterThan(0.015);
    expect(deviation).toBeLessThan(0.025);
    expect(tensors['encoder.embedding.bias']!.data.every((x) => x === 0)).toBe(true);
    expect(tensors['encoder.norm.scale']!.data.every((x) => x === 1)).toBe(true);
    expect(tensors['encoder.norm.offset']!.data.every((x) => x === 0)).toBe(true);
  });

  it('starts the last projection of a residual branch smaller', () => {
    const largest = (name: string) => Math.max(...[...tensors[name]!.data].map(Math.abs));
    const ratio =
      largest('encoder.layers.0.attention.output.weight') /
      largest('encoder.layers.0.attention.value.weight');
    expect(ratio).toBeCloseTo(0.3, 2);
  });

  it('starts positions of an odd width too', () => {
    const odd = createPreset('tiny', { ...patches, width: 33, heads: 3 });
    const position = initialiseMaskedAutoencoder(odd, randomKey(0))['encoder.position']!;
    expect(position.data[33 + 32]).toBeCloseTo(Math.sin(10000 ** (-32 / 34)), 6);
  });

  it('depends on the seed and the name of a tensor, not on its neighbours', () => {
    const name = 'encoder.layers.0.attention.query.weight';
    const deeper = createPreset('base', { ...patches, corruption: 'token', layers: 4 });
    expect(initialiseMaskedAutoencoder(deeper, randomKey(3))[name]).toEqual(tensors[name]);
    expect(initialiseMaskedAutoencoder(config, randomKey(4))[name]).not.toEqual(tensors[name]);
    expect(tensors['encoder.layers.0.attention.key.weight']!.data).not.toEqual(tensors[name]!.data);
  });

  it('refuses a model that cannot fit before it allocates', () => {
    const specs = { 'huge.weight': { shape: [1e6, 1e6], dtype: 'float32' as const } };
    expect(() => initialiseParameters(specs, randomKey(0))).toThrow(/1000000000000 parameters/);
  });
});

describe('stepFlops', () => {
  it('is about 10 GFLOP for a base step on 64 series of 42 patches', () => {
    const { forward, training } = stepFlops(createPreset('base', { ...patches, corruption: 'zero' }), {
      series: 64,
      maskedPatches: 17,
    });
    expect(training).toBe(3 * forward);
    expect(training / 1e9).toBeCloseTo(10, 0);
  });

  it('is what pencil and paper give for one block', () => {
    const shape = { patchLength: 3, patchCount: 5, width: 8, layers: 1, heads: 2, feedForwardWidth: 12 };
    const config = createPreset('tiny', { ...shape, decoder: { width: 4, heads: 1, feedForwardWidth: 6 } });
    const [visible, all] = [3, 5];
    const encoder = all * 3 * 8 + visible * 4 * 8 * 8 + 2 * visible * visible * 8 + visible * 2 * 8 * 12;
    const decoder = visible * 8 * 4 + all * 4 * 4 * 4 + 2 * all * all * 4 + all * 2 * 4 * 6 + all * 4 * 3;
    expect(stepFlops(config, { series: 7, maskedPatches: 2 }).forward).toBe(2 * 7 * (encoder + decoder));
  });

  it('falls as more patches are hidden from the encoder', () => {
    const config = createPreset('base', patches);
    const cost = (maskedPatches: number) => stepFlops(config, { series: 64, maskedPatches }).training;
    expect(cost(31)).toBeLessThan(0.6 * cost(17));
  });
});
