import {
  instanceAffine,
  instanceAffineInverse,
  instanceDenormalise,
  instanceNormalise,
  instanceStatistics,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectGradient, expectOutput, goldenConfig, goldenTensors } from './golden.ts';

describe('revin', () => {
  const golden = goldenTensors('revin');
  const { axis, eps: epsilon } = goldenConfig<{ axis: number; eps: number }>('revin');
  const modes = golden.prefixes('.inverse_z').filter((name) => !name.endsWith('.affine'));
  const weight = golden.tensor('weight');
  const bias = golden.tensor('bias');

  describe.each(modes)('%s', (mode) => {
    const x = golden.tensor('x');
    const z = golden.tensor('z');
    const observed = golden.has(mode) ? golden.tensor(mode) : undefined;
    const options = { axis, epsilon, ...(observed && { observed }) };
    const { normalised, mean, scale } = instanceNormalise(x, options);
    const upstream = golden.tensor('upstream');

    it('normalises', () => {
      expectOutput(mean, golden.values(`${mode}.loc`));
      expectOutput(scale, golden.values(`${mode}.scale`));
      expectOutput(normalised, golden.values(`${mode}.y`));
      expectOutput(instanceAffine(normalised, weight, bias), golden.values(`${mode}.affine_y`));
    });

    it('inverts', () => {
      expectOutput(instanceDenormalise(z, { mean, scale }), golden.values(`${mode}.inverse_z`));
      const inverse = instanceDenormalise(instanceAffineInverse(z, weight, bias), { mean, scale });
      expectOutput(inverse, golden.values(`${mode}.affine_inverse_z`));
    });

    it('has the gradients of the reference', () => {
      const normalise = (y: tf.Tensor) => instanceNormalise(y, options).normalised;
      expectGradient(tf.grad(normalise)(x, upstream), golden.values(`${mode}.y.grad.x`));
      const affine = (y: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => instanceAffine(normalise(y), w, b);
      const gradients = tf.grads(affine)([x, weight, bias], upstream);
      ['x', 'weight', 'bias'].forEach((name, i) => {
        expectGradient(gradients[i]!, golden.values(`${mode}.affine_y.grad.${name}`));
      });
      const inverse = (y: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
        instanceDenormalise(instanceAffineInverse(y, w, b), { mean, scale });
      const inverseGradients = tf.grads(inverse)([z, weight, bias], golden.tensor('upstream_z'));
      ['z', 'weight', 'bias'].forEach((name, i) => {
        expectGradient(inverseGradients[i]!, golden.values(`${mode}.affine_inverse_z.grad.${name}`));
      });
    });

    it('the float64 statistics of the host agree', () => {
      const [batch, length, channels] = x.shape as [number, number, number];
      const bySeries = (t: tf.Tensor) => tf.transpose(t, [0, 2, 1]).dataSync(); // [B, L, C] -> [B, C, L]
      const values = Float32Array.from(bySeries(x));
      const use = observed && Uint8Array.from(bySeries(observed));
      const statistics = Array.from({ length: batch * channels }, (_, s) =>
        instanceStatistics(values, use, { start: s * length, length, epsilon }),
      );
      expectOutput(
        Float32Array.from(statistics, (s) => s.mean),
        golden.values(`${mode}.loc`),
      );
      expectOutput(
        Float32Array.from(statistics, (s) => s.scale),
        golden.values(`${mode}.scale`),
      );
    });
  });
});
