import {
  FUSED_KERNELS,
  gelu,
  keyBiasFromMask,
  layerNorm,
  linear,
  runFused,
  scaledDotProductAttention,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

describe('gelu', () => {
  it('agrees with central differences', () => {
    expectGradientMatchesDifferences(gelu, [normalTensor([1, 1], [3, 4, 5])]);
  });

  it('is finite with its gradient far out, and exact at 0', () => {
    const x = tf.tensor1d([-1e4, -40, -14, -5, 0, 5, 14, 40, 1e4]);
    const y = gelu(x).dataSync();
    const slope = tf.grad(gelu)(x).dataSync();
    expect([...y.slice(0, 3)].map(Math.abs)).toEqual([0, 0, 0]);
    expect([...y.slice(6)]).toEqual([14, 40, 1e4]);
    expect(slope.every(Number.isFinite)).toBe(true);
    expect([slope[0], slope[4], slope[8]]).toEqual([0, 0.5, 1]);
  });
});

describe('layerNorm', () => {
  const inputs = () => [
    normalTensor([2, 1], [2, 3, 8]),
    normalTensor([2, 2], [8]),
    normalTensor([2, 3], [8]),
  ];
  const norm = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => layerNorm(x, scale, offset, 1e-5);

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences(norm as (...x: tf.Tensor[]) => tf.Tensor, inputs(), 5e-3);
  });

  it('keeps its gradient accurate when the mean is a hundred standard deviations', () => {
    const [x, scale, offset] = inputs() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const upstream = normalTensor([2, 4], [2, 3, 8]);
    const near = tf.grads(norm)([x, scale, offset], upstream);
    const far = tf.grads(norm)([tf.add(x, 100), scale, offset], upstream);
    for (const [i, gradient] of near.entries()) {
      expect(tf.max(tf.abs(tf.sub(gradient, far[i]!))).dataSync()[0]).toBeLessThan(2e-3);
    }
  });

  it('gives the offset for a constant row, with a finite gradient', () => {
    const x = tf.fill([1, 8], 3);
    const offset = normalTensor([2, 3], [8]);
    expect(layerNorm(x, tf.ones([8]), offset, 1e-5).dataSync()).toEqual(offset.dataSync());
    const slope = tf.grad((y: tf.Tensor) => layerNorm(y, tf.ones([8]), offset, 1e-5))(
      x,
      tf.range(0, 8).reshape([1, 8]),
    );
    expect(slope.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('names the shapes that do not fit', () => {
    expect(() => layerNorm(tf.ones([2, 8]), tf.ones([4]), tf.ones([8]), 1e-5)).toThrow(
      /layerNorm: x is \[2,8\], scale \[4\] and offset \[8\]/,
    );
  });
});

describe('linear', () => {
  it('agrees with central differences, with and without a bias', () => {
    const inputs = [normalTensor([3, 1], [2, 3, 4]), normalTensor([3, 2], [5, 4]), normalTensor([3, 3], [5])];
    expectGradientMatchesDifferences((x, w, b) => linear(x!, w!, b!), inputs);
    expectGradientMatchesDifferences((x, w) => linear(x!, w!), inputs.slice(0, 2));
  });

  it('names the shapes that do not fit', () => {
    expect(() => linear(tf.ones([2, 3]), tf.ones([3, 4]))).toThrow(/linear: x is \[2,3\], weight \[3,4\]/);
  });
});

describe('scaledDotProductAttention', () => {
  const [q, k, v] = [1, 2, 3].map((i) => normalTensor<tf.Tensor4D>([4, i], [2, 2, 3, 4])) as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  const mask = tf.tensor2d([
    [1, 0, 1],
    [0, 0, 0],
  ]);

  it('agrees with central differences, with and without ignored keys', () => {
    const someIgnored = tf.tensor2d([
      [1, 0, 1],
      [0, 1, 1],
    ]);
    for (const keyBias of [undefined, keyBiasFromMask(someIgnored)]) {
      expectGradientMatchesDifferences(
        (a, b, c) =>
          scaledDotProductAttention(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor4D, keyBias).output,
        [q, k, v],
      );
    }
  });

  it('multiplies its weights by a mask, such as one of dropout, and its gradient knows', () => {
    const weightMask = tf
      .tensor4d([0, 2, 2, 2, 0, 2, 2, 2, 0], [1, 1, 3, 3])
      .tile([2, 2, 1, 1]) as tf.Tensor4D;
    const attend = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
      scaledDotProductAttention(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor4D, undefined, weightMask);
    const { output, probabilities } = attend(q, k, v);
    const expected = tf.matMul(tf.mul(probabilities, weightMask), v).dataSync();
    output.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
    expectGradientMatchesDifferences((a, b, c) => attend(a!, b!, c!).output, [q, k, v]);
  });

  it('gives ignored keys no weight, and rows of ignored keys finite values', () => {
    const { output, probabilities } = scaledDotProductAttention(q, k, v, keyBiasFromMask(mask));
    const weights = probabilities.dataSync();
    for (let row = 0; row < 6; row++) expect(weights[row * 3 + 1]).toBe(0);
    expect(output.dataSync().every(Number.isFinite)).toBe(true);
    const sums = tf.sum(probabilities, -1).dataSync();
    for (const sum of sums) expect(sum).toBeCloseTo(1, 6);
  });

  it('takes more keys than queries', () => {
    const longer = normalTensor<tf.Tensor4D>([4, 9], [2, 2, 5, 4]);
    const { output, probabilities } = scaledDotProductAttention(q, longer, longer);
    expect(output.shape).toEqual([2, 2, 3, 4]);
    expect(probabilities.shape).toEqual([2, 2, 3, 5]);
  });
});

describe('memory', () => {
  it('every primitive leaves its result alone, with or without a tape', () => {
    const x = normalTensor<tf.Tensor3D>([5, 1], [2, 3, 8]);
    const heads = normalTensor<tf.Tensor4D>([5, 2], [2, 2, 3, 4]);
    const scale = tf.ones([8]);
    const weight = tf.ones([4, 8]);
    const keys = tf.ones([2, 3]);
    gelu(x).dispose();
    expectTensorsLeft(1, () => gelu(x));
    expectTensorsLeft(1, () => layerNorm(x, scale, scale, 1e-5));
    expectTensorsLeft(1, () => linear(x, weight));
    expectTensorsLeft(1, () => keyBiasFromMask(keys));
    expectTensorsLeft(2, () => scaledDotProductAttention(heads, heads, heads));
    expectTensorsLeft(1, () => tf.grad((y: tf.Tensor) => gelu(layerNorm(y, scale, scale, 1e-5)))(x));
    expectTensorsLeft(1, () =>
      tf.grad((y: tf.Tensor) => scaledDotProductAttention(y as tf.Tensor4D, heads, heads).output)(heads),
    );
  });
});

it('a kernel that no backend registered runs as plain ops', () => {
  const y = runFused(FUSED_KERNELS.gelu, { x: tf.ones([1]) }, {}, () => [tf.fill([1], 7)]);
  expect(y[0]!.dataSync()).toEqual(Float32Array.of(7));
});
