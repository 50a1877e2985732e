import { drawDropoutMasks, dropoutMaskSpecs, encodePatches } from '@patchbert/encoder';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { drawNormals, numbers, smallConfig, smallParameters, toTensors } from './model-setup.ts';

const patches = drawNormals<tf.Tensor3D>('patches', [2, 5, 3]);
const shape = { series: 2, tokens: 5 };
const { encoder } = smallConfig({ dropout: 0.25, corruption: 'zero' });
const parameters = smallParameters(smallConfig({ corruption: 'zero' }));

describe('dropout', () => {
  it('of 0 has no inputs', () => {
    expect(dropoutMaskSpecs({ ...encoder, dropout: 0 }, shape)).toEqual({});
  });

  it('has one mask for the embedding and two for each layer', () => {
    const specs = dropoutMaskSpecs(encoder, shape);
    expect(Object.keys(specs)).toEqual([
      'encoder.embedding',
      'encoder.layers.0.attention',
      'encoder.layers.0.feedForward',
      'encoder.layers.1.attention',
      'encoder.layers.1.feedForward',
    ]);
    for (const spec of Object.values(specs)) expect(spec).toEqual({ shape: [10, 8], dtype: 'float32' });
  });

  it('keeps the expected share and the expected sum', () => {
    const specs = dropoutMaskSpecs(encoder, { series: 50, tokens: 50 });
    for (const { data } of Object.values(drawDropoutMasks(encoder, specs, randomKey(0)))) {
      const kept = data.filter((value) => value !== 0);
      const deviation = Math.sqrt((0.25 * 0.75) / data.length);
      expect(Math.abs(kept.length / data.length - 0.75)).toBeLessThan(4 * deviation);
      expect(kept.every((value) => value === Math.fround(1 / 0.75))).toBe(true);
    }
  });

  it('is a function of the key and the name', () => {
    const specs = dropoutMaskSpecs(encoder, shape);
    const masks = drawDropoutMasks(encoder, specs, randomKey(1));
    expect(drawDropoutMasks(encoder, specs, randomKey(1))).toEqual(masks);
    expect(drawDropoutMasks(encoder, specs, randomKey(2))).not.toEqual(masks);
    expect(masks['encoder.layers.0.attention']!.data).not.toEqual(masks['encoder.layers.1.attention']!.data);
  });

  it('acts on the embedding and on every sub-layer, and only when masks are given', async () => {
    const encode = (dropoutMasks?: Record<string, tf.Tensor>) =>
      numbers(encodePatches(parameters, encoder, { patches, dropoutMasks }));
    const specs = dropoutMaskSpecs(encoder, shape);
    const ones = Object.fromEntries(Object.keys(specs).map((name) => [name, tf.ones([10, 8])]));
    const plain = await encode();
    expect(await encode(ones)).toEqual(plain);
    for (const name of Object.keys(specs)) {
      expect(await encode({ ...ones, [name]: tf.zeros([10, 8]) }), name).not.toEqual(plain);
    }
    expect(await encode(toTensors(drawDropoutMasks(encoder, specs, randomKey(1))))).not.toEqual(plain);
  });

  it('names a missing mask', () => {
    expect(() => encodePatches(parameters, encoder, { patches, dropoutMasks: {} })).toThrow(
      /"encoder.embedding"/,
    );
  });
});
