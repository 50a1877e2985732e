import {
  encodeLevels,
  encodePatches,
  encoderParameterSpecs,
  patchTokens,
  patchWidth,
  reconstruct,
} from '@patchbert/encoder';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { drawNormals, numbers, smallConfig, smallParameters, tokenIndex, tokenOf } from './model-setup.ts';

const patches = drawNormals<tf.Tensor3D>('patches', [2, 5, 3]);

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
  });
}

describe('encodeLevels', () => {
  it('has one level per block; the output is what encodePatches gives, the last block under the final norm', async () => {
    const { encoder } = smallConfig();
    const parameters = smallParameters(smallConfig());
    const { embedding, blocks, output } = encodeLevels(parameters, encoder, { patches });
    expect(blocks.map(({ shape }) => shape)).toEqual([
      [2, 5, 8],
      [2, 5, 8],
    ]);
    expect(embedding.shape).toEqual([2, 5, 8]);
    expect(await numbers(output)).toEqual(await numbers(encodePatches(parameters, encoder, { patches })));
    expect(await numbers(blocks[1]!)).not.toEqual(await numbers(output));
  });

  it('leaves positions out of the embedding level', async () => {
    const { encoder } = smallConfig();
    const parameters = smallParameters(smallConfig());
    const moved = { ...parameters, 'encoder.position': tf.add(parameters['encoder.position']!, 1) };
    const [before, after] = [parameters, moved].map((weights) => encodeLevels(weights, encoder, { patches }));
    expect(await numbers(after!.embedding)).toEqual(await numbers(before!.embedding));
    expect(await numbers(after!.blocks[0]!)).not.toEqual(await numbers(before!.blocks[0]!));
  });
});

describe('places', () => {
  it.each(['learned', 'sincos', 'none'] as const)(
    'of patches that were not cut cost nothing and change nothing: as taking the tokens out (%s)',
    async (position) => {
      const config = smallConfig({ position });
      const parameters = smallParameters(config);
      const hidden = [0, 1, 0, 0, 1];
      const visible = tokenIndex([hidden, hidden]);
      const cut = tf.gather(patches, [0, 2, 3], 1);
      const expected = encodePatches(parameters, config.encoder, { patches, visible });
      const actual = encodePatches(parameters, config.encoder, {
        patches: cut,
        places: tokenIndex([hidden]),
      });
      expectClose(await numbers(actual), await numbers(expected));
    },
  );

  it('must be as many as the patches', () => {
    const config = smallConfig();
    expect(() =>
      encodePatches(smallParameters(config), config.encoder, {
        patches,
        places: tokenIndex([[0, 1, 0, 0, 1]]),
      }),
    ).toThrow(/\[2, 5, 3\], expected \[series, 3, 3\]/);
  });
});

describe('channels mixed in the embedding', () => {
  it('widen a patch to all points of all rows, in the embedding and in the reconstruction', () => {
    const config = smallConfig({ inputChannels: 4, corruption: 'zero' });
    expect(patchWidth(config.encoder)).toBe(12);
    expect(encoderParameterSpecs(config.encoder)['encoder.embedding.weight']!.shape).toEqual([8, 12]);
    const wide = drawNormals<tf.Tensor3D>('wide', [2, 5, 12]);
    expect(reconstruct(smallParameters(config), config, { patches: wide }).shape).toEqual([2, 5, 12]);
  });

  it('every row reaches the token', async () => {
    const config = smallConfig({ inputChannels: 2, corruption: 'zero' });
    const parameters = smallParameters(config);
    const wide = drawNormals<tf.Tensor3D>('wide', [1, 5, 6]);
    const lastRow = tf.tensor3d(
      Array.from({ length: 30 }, (_, i) => (i === 5 ? 1 : 0)),
      [1, 5, 6],
    );
    const before = encodeLevels(parameters, config.encoder, { patches: wide }).embedding;
    const after = encodeLevels(parameters, config.encoder, { patches: tf.add(wide, lastRow) }).embedding;
    expect(await tokenOf(after, 0, 0)).not.toEqual(await tokenOf(before, 0, 0));
    expect(await tokenOf(after, 0, 1)).toEqual(await tokenOf(before, 0, 1));
  });
});

describe('the class token', () => {
  const config = smallConfig({ classToken: true });
  const parameters = smallParameters(config);

  it('comes first at every block and is not among the patches', async () => {
    const { embedding, blocks, output } = encodeLevels(parameters, config.encoder, { patches });
    expect([embedding, ...blocks, output].map(({ shape }) => shape[1])).toEqual([5, 6, 6, 6]);
    const tokens = encodePatches(parameters, config.encoder, { patches });
    expect(await numbers(tokens)).toEqual(await numbers(patchTokens(output, config.encoder)));
    expect(tokens.shape).toEqual([2, 5, 8]);
  });

  it('sees the patches and is seen by them', async () => {
    const { output } = encodeLevels(parameters, config.encoder, { patches });
    const moved = encodeLevels(parameters, config.encoder, {
      patches: tf.add(patches, tf.tensor3d([[[1, 0, 0]]])),
    });
    expect(await tokenOf(moved.output, 0, 0)).not.toEqual(await tokenOf(output, 0, 0));
    const other = {
      ...parameters,
      'encoder.classToken': tf.add(parameters['encoder.classToken']!, drawNormals('t', [8])),
    };
    const changed = encodeLevels(other, config.encoder, { patches });
    expect(await tokenOf(changed.output, 0, 1)).not.toEqual(await tokenOf(output, 0, 1));
  });

  it('may always be looked at, whatever patches are without a value', async () => {
    const keyMask = tf.tensor2d([
      [1, 0, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
    const disturbed = tf.add(
      patches,
      tf.tensor3d([0, 5, 0, 0, 0], [1, 5, 1]).mul(tf.tensor3d([1, 0], [2, 1, 1])),
    );
    const [before, after] = [patches, disturbed].map(
      (input) => encodeLevels(parameters, config.encoder, { patches: input as tf.Tensor3D, keyMask }).output,
    );
    expect(await tokenOf(after!, 0, 0)).toEqual(await tokenOf(before!, 0, 0));
    expect(await tokenOf(after!, 0, 1)).toEqual(await tokenOf(before!, 0, 1));
  });

  it('works with an encoder that sees visible patches alone', () => {
    const visible = tokenIndex([
      [0, 1, 0, 0, 1],
      [1, 0, 0, 1, 0],
    ]);
    expect(reconstruct(parameters, config, { patches, visible }).shape).toEqual([2, 5, 3]);
  });
});
