import { encodePatches, reconstruct } from '@patchbert/encoder';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  disturb,
  drawNormals,
  numbers,
  smallConfig,
  smallParameters,
  tokenIndex,
  tokenOf,
} from './model-setup.ts';

const patches = drawNormals<tf.Tensor3D>('patches', [2, 5, 3]);
const masks = [
  [0, 1, 0, 0, 1],
  [1, 0, 0, 1, 0],
];

describe('reconstruct, visible-only', () => {
  const config = smallConfig();
  const parameters = smallParameters(config);
  const visible = tokenIndex(masks);

  it('gives one reconstruction per patch', () => {
    expect(reconstruct(parameters, config, { patches, visible }).shape).toEqual([2, 5, 3]);
    expect(encodePatches(parameters, config.encoder, { patches, visible }).shape).toEqual([2, 3, 8]);
  });

  it('encodes what a model of the visible patches alone encodes', async () => {
    const kept = [0, 2, 3];
    const alone = {
      ...parameters,
      'encoder.position': tf.gather(parameters['encoder.position']!, tf.tensor1d(kept, 'int32')),
    };
    const shorter = { ...config.encoder, patchCount: 3 };
    const first = tf.slice(patches, [0, 0, 0], [1, -1, -1]);
    const seen = tf.gather(first, tf.tensor1d(kept, 'int32'), 1);
    const byHand = await numbers(encodePatches(alone, shorter, { patches: seen }));
    const encoded = encodePatches(parameters, config.encoder, { patches, visible });
    const actual = await numbers(tf.slice(encoded, [0, 0, 0], [1, -1, -1]));
    for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(byHand[i]!, 5);
  });

  it('puts every patch back at its own place', async () => {
    // With silent sub-layers each place depends on its own patch and position alone, so another mask must not move it.
    const silent = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [
        name,
        /(attention\.output|feedForward\.contract)\./.test(name) ? tf.zerosLike(tensor) : tensor,
      ]),
    );
    const predict = (mask: number[][]) => reconstruct(silent, config, { patches, visible: tokenIndex(mask) });
    const first = predict(masks);
    const second = predict([
      [0, 0, 1, 0, 1],
      [0, 1, 0, 1, 0],
    ]);
    for (const [series, patch] of [
      [0, 0],
      [0, 3],
      [1, 2],
      [1, 4],
    ] as const) {
      expect(await tokenOf(second, series, patch), `visible patch ${patch}`).toEqual(
        await tokenOf(first, series, patch),
      );
    }
    expect(await tokenOf(second, 0, 4), 'hidden place 4').toEqual(await tokenOf(first, 0, 4));
    expect(await tokenOf(second, 1, 3), 'hidden place 3').toEqual(await tokenOf(first, 1, 3));
    expect(await tokenOf(first, 0, 1)).not.toEqual(await tokenOf(first, 0, 4));
    expect(await tokenOf(second, 0, 2), 'now hidden').not.toEqual(await tokenOf(first, 0, 2));
  });

  it('keeps hidden values from encoding, reconstruction and gradients', async () => {
    const changed = disturb(patches, 1, 1e6);
    const look = async (input: tf.Tensor3D) => {
      const loss = (...tensors: tf.Tensor[]) => {
        const named = Object.fromEntries(Object.keys(parameters).map((name, i) => [name, tensors[i]!]));
        return tf.mean(tf.square(reconstruct(named, config, { patches: input, visible }))) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(loss)(Object.values(parameters));
      const encoded = encodePatches(parameters, config.encoder, { patches: input, visible });
      return Promise.all([encoded, value, ...grads].map(numbers));
    };
    expect(await look(changed)).toEqual(await look(patches));
    const seen = await look(disturb(patches, 2, 1));
    expect(seen).not.toEqual(await look(patches));
  });

  it('keeps patches without observations from all others', async () => {
    const keyMask = tf.tensor2d([
      [1, 0, 1],
      [1, 1, 1],
    ]);
    const changed = disturb(patches, 2, 100);
    const encode = (input: tf.Tensor3D) =>
      encodePatches(parameters, config.encoder, { patches: input, visible, keyMask });
    const predict = (input: tf.Tensor3D) =>
      reconstruct(parameters, config, { patches: input, visible, keyMask });
    for (const token of [0, 2]) {
      expect(await tokenOf(encode(changed), 0, token)).toEqual(await tokenOf(encode(patches), 0, token));
    }
    for (const patch of [0, 1, 3, 4]) {
      expect(await tokenOf(predict(changed), 0, patch)).toEqual(await tokenOf(predict(patches), 0, patch));
    }
    const unmasked = reconstruct(parameters, config, { patches: changed, visible });
    expect(await tokenOf(unmasked, 0, 4)).not.toEqual(await tokenOf(predict(changed), 0, 4));
  });

  it('stays finite when a series has no observation at all', async () => {
    const keyMask = tf.tensor2d([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    const prediction = await numbers(reconstruct(parameters, config, { patches, visible, keyMask }));
    expect(prediction.every(Number.isFinite)).toBe(true);
  });

  it('refuses input of another corruption, shapes and gaps in the parameters', () => {
    const tokenMask = tf.zeros<tf.Rank.R3>([2, 5, 1]);
    expect(() => reconstruct(parameters, config, { patches })).toThrow(/"visible-only".*pass visible/);
    expect(() => reconstruct(parameters, config, { patches, visible, tokenMask })).toThrow(
      /leave tokenMask out/,
    );
    const token = smallConfig({ corruption: 'token' });
    expect(() => reconstruct(parameters, token, { patches })).toThrow(/"token".*pass tokenMask/);
    const zero = smallConfig({ corruption: 'zero' });
    expect(() => reconstruct(parameters, zero, { patches, visible })).toThrow(/leave visible out/);
    const short = tf.zeros<tf.Rank.R3>([2, 4, 3]);
    expect(() => reconstruct(parameters, config, { patches: short, visible })).toThrow(
      /\[2, 4, 3\].*\[series, 5, 3\]/,
    );
    const { 'encoder.norm.scale': _, ...incomplete } = parameters;
    expect(() => reconstruct(incomplete, config, { patches, visible })).toThrow(/"encoder.norm.scale"/);
  });
});

describe('reconstruct, every patch encoded', () => {
  it('puts the mask token in place of a patch, and still knows the place', async () => {
    const config = smallConfig({ corruption: 'token' });
    const parameters = smallParameters(config);
    const tokenMask = tf.tensor3d(masks.flat(), [2, 5, 1]);
    const predict = (input: tf.Tensor3D) => reconstruct(parameters, config, { patches: input, tokenMask });
    expect(await numbers(predict(disturb(patches, 1, 1e6)))).toEqual(await numbers(predict(patches)));
    expect(await tokenOf(predict(patches), 0, 1)).not.toEqual(await tokenOf(predict(patches), 0, 4));
  });

  it('keeps patches without observations from all others', async () => {
    const config = smallConfig({ corruption: 'zero' });
    const parameters = smallParameters(config);
    const keyMask = tf.tensor2d([1, 1, 0, 1, 1, 1, 1, 1, 1, 1], [2, 5]);
    const predict = (input: tf.Tensor3D) => reconstruct(parameters, config, { patches: input, keyMask });
    for (const patch of [0, 1, 3, 4]) {
      expect(await tokenOf(predict(disturb(patches, 2, 100)), 0, patch)).toEqual(
        await tokenOf(predict(patches), 0, patch),
      );
    }
  });

  it.each(['learned', 'sincos', 'none'] as const)(
    'with position "%s" depends on order or not',
    async (position) => {
      const config = smallConfig({ corruption: 'zero', position });
      const parameters = smallParameters(config);
      const swapped = tf.reverse(patches, 1);
      const encoded = encodePatches(parameters, config.encoder, { patches });
      const encodedSwapped = tf.reverse(encodePatches(parameters, config.encoder, { patches: swapped }), 1);
      const difference = (await numbers(tf.max(tf.abs(tf.sub(encoded, encodedSwapped)))))[0]!;
      if (position === 'none') expect(difference).toBeLessThan(1e-4);
      else expect(difference).toBeGreaterThan(1e-2);
    },
  );

  it('ends with normalised tokens after post-norm blocks and with the final norm after pre-norm ones', async () => {
    for (const normPlacement of ['pre', 'post'] as const) {
      const config = smallConfig({ corruption: 'zero', normPlacement });
      const last = normPlacement === 'pre' ? 'encoder.norm' : 'encoder.layers.1.feedForwardNorm';
      const parameters = {
        ...smallParameters(config),
        [`${last}.scale`]: tf.ones([8]),
        [`${last}.offset`]: tf.zeros([8]),
      };
      const { mean, variance } = tf.moments(encodePatches(parameters, config.encoder, { patches }), 2);
      for (const value of await numbers(mean)) expect(value).toBeCloseTo(0, 5);
      for (const value of await numbers(variance)) expect(value).toBeCloseTo(1, 2);
    }
  });

  it('uses the activation it is told', async () => {
    const parameters = smallParameters(smallConfig({ corruption: 'zero' }));
    const outputs = await Promise.all(
      (['relu', 'gelu', 'silu'] as const).map((activation) =>
        numbers(reconstruct(parameters, smallConfig({ corruption: 'zero', activation }), { patches })),
      ),
    );
    expect(new Set(outputs.map(String)).size).toBe(3);
  });

  it('leaves no tensor behind', () => {
    const config = smallConfig();
    const parameters = smallParameters(config);
    const visible = tokenIndex(masks);
    const before = tf.memory().numTensors;
    tf.tidy(() => reconstruct(parameters, config, { patches, visible })).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
