import { selfAttention, weightsBelow } from '@patchbert/encoder';
import { keyBiasFromMask } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradient, expectValues, goldenJson, goldenTensors } from './golden-folder.ts';

/** Fixture name by ours. */
const parameterNames = Object.fromEntries(
  ['weight', 'bias'].flatMap((kind) =>
    [
      ['query', 'q'],
      ['key', 'k'],
      ['value', 'v'],
      ['output', 'out'],
    ].map(([ours, theirs]) => [`attention.${ours}.${kind}`, `${theirs}_proj.${kind}`]),
  ),
);

describe('selfAttention equals PyTorch', () => {
  const { heads } = goldenJson('ops', 'config.json').mha as { heads: number };
  const golden = goldenTensors('ops', 'mha.safetensors');
  const x = golden.get<tf.Tensor3D>('x');
  const [series, length, width] = x.shape;
  const ours = Object.keys(parameterNames);

  it.each(['nomask', 'masked'])('%s: output and gradients', async (mode) => {
    const keyBias = mode === 'masked' ? keyBiasFromMask(golden.get<tf.Tensor2D>('key_mask')) : undefined;
    const attend = (input: tf.Tensor, ...tensors: tf.Tensor[]) => {
      const weights = weightsBelow(
        Object.fromEntries(ours.map((name, i) => [name, tensors[i]!])),
        'attention',
      );
      const rows = tf.reshape(input, [series * length, width]) as tf.Tensor2D;
      return tf.reshape(selfAttention(rows, weights, { series, heads, keyBias }), [series, length, width]);
    };
    const inputs = [x, ...ours.map((name) => golden.get(parameterNames[name]!))];
    await expectValues(attend(x, ...inputs.slice(1)), golden.get(`${mode}.out`), 'output');

    const upstream = golden.get('upstream');
    const gradients = tf.grads((...all) => tf.sum(tf.mul(attend(all[0]!, ...all.slice(1)), upstream)))(
      inputs,
    );
    const expectedNames = ['x', ...ours.map((name) => parameterNames[name]!)];
    expect(gradients).toHaveLength(expectedNames.length);
    for (const [i, name] of expectedNames.entries()) {
      // Softmax ignores what is added to all scores of a row, so the key's bias has no gradient.
      const neighbour = name === 'k_proj.bias' ? 'q_proj.bias' : name;
      const scale = golden.get(`${mode}.grad.${neighbour}`);
      await expectGradient(gradients[i]!, golden.get(`${mode}.grad.${name}`), name, scale);
    }
  });
});
