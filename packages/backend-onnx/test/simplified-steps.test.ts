import { type Backend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { type HostTensor, int32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Case {
  readonly what: string;
  readonly x: HostTensor;
  readonly compute: (x: tf.Tensor) => tf.Tensor;
}

const floats = (shape: readonly number[], ...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});

const asFloats = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'float32');

const cases: Case[] = [
  {
    what: 'a comparison of two filled constants',
    x: floats([3], 1, 2, 3),
    compute: () => asFloats(tf.greater(tf.ones([3]), tf.zeros([3]))),
  },
  {
    what: 'a power of two filled constants',
    x: floats([3], 1, 2, 3),
    compute: () => tf.pow(tf.fill([3], 2), tf.fill([3], 3)),
  },
  {
    what: 'a broadcast number in another shape',
    x: floats([2, 3], 1, 2, 3, 4, 5, 6),
    compute: (x) => tf.reshape(tf.mul(tf.sum(x, [0, 1], true), tf.ones([2, 3])), [6]),
  },
  {
    what: 'factors of whole numbers',
    x: int32Tensor(Int32Array.of(1, -2, 16_777_217)),
    compute: (x) => tf.mul(tf.mul(x, tf.scalar(2, 'int32')), tf.scalar(3, 'int32')),
  },
  {
    what: 'factors whose product is beyond float32',
    x: floats([3], 0, 1e-30, -1e-30),
    compute: (x) => tf.mul(tf.mul(x, 1e30), 1e30),
  },
  {
    what: 'factors whose product is below float32',
    x: floats([2], 1e30, -1e30),
    compute: (x) => tf.mul(tf.mul(x, 1e-30), 1e-30),
  },
  {
    what: 'a divisor whose reciprocal is beyond float32',
    x: floats([3], 0, 1e-39, -1),
    compute: (x) => tf.div(x, 1e-39),
  },
  {
    what: 'a product scaled by 0',
    x: floats([1, 2], Number.POSITIVE_INFINITY, 1),
    compute: (x) => tf.mul(tf.matMul(x, tf.ones([2, 2])), 0),
  },
  {
    what: 'the last axis, gathered by its negative number',
    x: floats([2, 3], 1, 2, 3, 4, 5, 6),
    compute: (x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), -1),
  },
  {
    what: 'a slice that names leading axes only',
    x: floats([3, 2], 1, 2, 3, 4, 5, 6),
    compute: (x) => tf.slice(x, [1], [2]),
  },
  {
    what: 'a slice that names no size',
    x: floats([3, 2], 1, 2, 3, 4, 5, 6),
    compute: (x) => tf.slice(x, 1),
  },
  {
    what: 'the mean of whole numbers',
    x: int32Tensor(Int32Array.of(1, 2)),
    compute: (x) => tf.mean(x),
  },
];

describe('a simplified step computes what the step says', () => {
  let tested: Backend;
  let reference: Backend;
  beforeAll(async () => {
    tested = await onnxCpu.create({ threads: 1 });
    reference = await tfjsCpu.create();
  });
  afterAll(async () => {
    await tested.dispose();
    await reference.dispose();
  });

  it.each(cases.map((one) => [one.what, one] as const))('%s', async (_, { x, compute }) => {
    const signature = { state: {}, batch: { x: { shape: x.shape, dtype: x.dtype } } };
    const [y, expected] = await Promise.all(
      [tested, reference].map(async (backend) => {
        const program = await backend.compile(
          (_state, batch) => ({ state: {}, outputs: { y: compute(batch.x!) } }),
          signature,
        );
        return (await program.run({ x })).y!;
      }),
    );
    expect(y!.shape).toEqual(expected!.shape);
    expect(y!.dtype).toEqual(expected!.dtype);
    expected!.data.forEach((value, index) => {
      expect(y!.data[index], `y[${index}]`).toEqual(
        Number.isFinite(value) ? expect.closeTo(value, 4) : value,
      );
    });
  });
});
