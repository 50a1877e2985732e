import {
  drawDropoutMasks,
  dropoutMaskSpecs,
  type EncoderInput,
  encodedTokenCount,
  type MaskedAutoencoderConfig,
  reconstruct,
} from '@patchbert/encoder';
import { randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { drawNormals, numbers, smallConfig, smallParameters, tokenIndex, toTensors } from './model-setup.ts';

const patches = drawNormals<tf.Tensor3D>('patches', [2, 5, 3]);
const upstream = drawNormals<tf.Tensor3D>('upstream', [2, 5, 3]);
const masks = [
  [0, 1, 0, 0, 1],
  [1, 0, 0, 1, 0],
];
const visible = tokenIndex(masks);
const tokenMask = tf.tensor3d(masks.flat(), [2, 5, 1]);

const cases: [string, MaskedAutoencoderConfig, Omit<EncoderInput, 'patches'>][] = [
  ['visible-only', smallConfig(), { visible }],
  ['visible-only, gaps', smallConfig(), { visible, keyMask: tf.tensor2d([1, 0, 1, 1, 1, 1], [2, 3]) }],
  ['visible-only, dropout', smallConfig({ dropout: 0.3 }), { visible }],
  ['token, post-norm', smallConfig({ corruption: 'token', normPlacement: 'post' }), { tokenMask }],
  ['zero, sincos', smallConfig({ corruption: 'zero', position: 'sincos' }), {}],
];

/** Small enough for the curvature of norms over few numbers, large enough for float32. */
const STEP = 3e-3;

describe('the gradient of every parameter agrees with finite differences', () => {
  it.each(cases)('%s', async (_, config, rest) => {
    const specs = dropoutMaskSpecs(config.encoder, { series: 2, tokens: encodedTokenCount(config, 2) });
    const dropoutMasks = toTensors(drawDropoutMasks(config.encoder, specs, randomKey(5)));
    const parameters = smallParameters(config);
    const names = Object.keys(parameters);
    const loss = (...tensors: tf.Tensor[]) => {
      const named = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
      const prediction = reconstruct(named, config, { patches, ...rest, dropoutMasks });
      return tf.sum(tf.mul(prediction, upstream)) as tf.Scalar;
    };
    const lossAt = async (name: string, moved: tf.Tensor) =>
      (await numbers(loss(...Object.values({ ...parameters, [name]: moved }))))[0]!;

    for (const [i, gradient] of tf.grads(loss)(Object.values(parameters)).entries()) {
      const name = names[i]!;
      const length = (await numbers(tf.norm(gradient)))[0]!;
      if (name.endsWith('key.bias')) {
        expect(length, `${name}: the same for all keys, so the softmax cancels it`).toBeLessThan(1e-4);
        continue;
      }
      expect(length, name).toBeGreaterThan(1e-3);
      // Along the gradient itself the loss must rise by the gradient's length.
      const step = tf.mul(gradient, STEP / length);
      const ahead = await lossAt(name, tf.add(parameters[name]!, step));
      const behind = await lossAt(name, tf.sub(parameters[name]!, step));
      expect(Math.abs((ahead - behind) / (2 * STEP) - length), name).toBeLessThan(0.01 * length + 5e-3);
    }
  });
});
