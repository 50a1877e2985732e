import { type Backend, type Step, tfjsCpu } from '@patchbert/backend';
import { float32Tensor, gelu, type HostTensors, layerNorm, type TensorSpec } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs-core';
import * as onnx from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportModel } from '../src/index.ts';

let reference: Backend;
beforeAll(async () => {
  reference = await tfjsCpu.create();
});
afterAll(() => reference.dispose());

const drawn = (name: string, shape: readonly number[]) =>
  float32Tensor(
    Float32Array.from(
      normals(
        deriveKey(randomKey(1), name),
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
    shape,
  );
const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

type Compute = (x: tf.Tensor3D, state: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
const state: HostTensors = {
  weight: drawn('weight', [4, 6]),
  bias: drawn('bias', [4]),
  scale: drawn('scale', [4]),
};
const stepOf =
  (compute: Compute): Step =>
  (weights, { x }) => ({ state: {}, outputs: { y: compute(x as tf.Tensor3D, weights) } });

/** Whatever a model does with an axis that follows the batch: x is `[B, 3, 4]`. */
const uses: Readonly<Record<string, Compute>> = {
  'merged with another axis and parted again': (x) => {
    const rows = tf.reshape(x, [x.shape[0] * 3, 4]);
    return tf.reshape(tf.relu(rows), [x.shape[0], 12]);
  },
  'parted from two others': (x) => tf.reshape(tf.transpose(x, [1, 0, 2]), [3, x.shape[0], 2, 2]),
  moved: (x) => tf.transpose(x, [2, 0, 1]),
  'left whole by a slice': (x) => tf.slice(x, [0, 1, 2], [x.shape[0], 2, 2]),
  'cut where it is long, from a fixed place': (x) =>
    tf.slice(tf.reshape(x, [x.shape[0] * 3, 4]), [1, 0], [x.shape[0] * 2, 4]),
  'cut to the end, from a place that follows it': (x) =>
    tf.slice(tf.reshape(x, [x.shape[0] * 3, 4]), [x.shape[0], 0], [x.shape[0] * 2, 3]),
  padded: (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [2, 0],
        [0, 1],
      ],
      7,
    ),
  'repeated over': (x) => tf.add(x, tf.tile(tf.tensor3d([1, 2, 3], [1, 3, 1]), [x.shape[0], 1, 4])),
  'filled with one number': (x) => tf.concat([tf.fill([x.shape[0], 1, 4], 3), x], 1),
  'filled with nothing but one number': (x) => tf.ones([x.shape[0], 2]),
  'reduced beside': (x) => tf.max(tf.sum(x, 2, true), 1),
  'gathered beside': (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1),
  'stacked and unstacked': (x) => tf.stack(tf.unstack(x, 1).reverse(), 1),
  split: (x) => tf.concat(tf.split(x, [1, 2], 1).reverse(), 1),
  'multiplied by weights': (x, { weight, bias }) =>
    tf.add(tf.matMul(tf.reshape(x, [x.shape[0] * 3, 4]), weight as tf.Tensor2D), tf.sum(bias!)),
  'multiplied with itself': (x) => tf.matMul(x, x, false, true),
  normalised: (x, { scale, bias }) => layerNorm(x, scale as tf.Tensor1D, bias as tf.Tensor1D, 1e-5),
  activated: (x) => gelu(tf.softmax(x)),
  compared: (x) => tf.where(tf.isNaN(x), tf.zerosLike(x), tf.minimum(x, 0.5)),
  largest: (x) => tf.cast(tf.argMax(x, 2), 'float32'),
};

describe('a size that follows the batch', () => {
  test.each(Object.entries(uses))('%s', async (_, compute) => {
    const step = stepOf(compute);
    const { file, inputs } = await exportModel({
      step,
      state,
      inputs: (batch) => ({ x: float(batch, 3, 4) }),
    });
    expect(inputs).toEqual([{ name: 'x', dtype: 'float32', shape: ['batch', 3, 4] }]);
    const session = await onnx.InferenceSession.create(file, { logSeverityLevel: 3 });
    for (const batch of [1, 2, 5]) {
      const x = drawn(`x${batch}`, [batch, 3, 4]);
      const program = await reference.compile(step, {
        state: Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, float(...shape)])),
        batch: { x: float(batch, 3, 4) },
      });
      await program.writeState(state);
      const expected = (await program.run({ x })).y!;
      const { y } = await session.run({ x: new onnx.Tensor('float32', x.data as Float32Array, x.shape) });
      expect(y!.dims).toEqual(expected.shape);
      expected.data.forEach((value, i) => {
        expect(Math.abs((y!.data as Float32Array)[i]! - value)).toBeLessThan(1e-5);
      });
      program.dispose();
    }
  });
});

test('the size of the batch can be read off an input that comes second, and from any axis', async () => {
  const { file, inputs, outputs } = await exportModel({
    step: (_, { table, x }) => ({ state: {}, outputs: { y: tf.transpose(tf.mul(table!, x!)) } }),
    state: {},
    inputs: (batch) => ({ table: float(3, 1), x: float(3, batch) }),
  });
  expect(inputs.map(({ shape }) => shape)).toEqual([
    [3, 1],
    [3, 'batch'],
  ]);
  expect(outputs).toEqual([{ name: 'y', dtype: 'float32', shape: ['batch', 3] }]);
  const session = await onnx.InferenceSession.create(file);
  const { y } = await session.run({
    table: new onnx.Tensor('float32', Float32Array.of(1, 2, 3), [3, 1]),
    x: new onnx.Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]),
  });
  expect(Array.from(y!.data as Float32Array)).toEqual([1, 6, 15, 2, 8, 18]);
});

test('an output whose size is a multiple of the batch says so', async () => {
  const { outputs } = await exportModel({
    step: stepOf((x) => tf.reshape(x, [x.shape[0] * 3, 4])),
    state: {},
    inputs: (batch) => ({ x: float(batch, 3, 4) }),
  });
  expect(outputs[0]!.shape).toEqual(['3*batch', 4]);
});

describe('what cannot be exported for any batch is refused', () => {
  const exported = (compute: Compute) =>
    exportModel({ step: stepOf(compute), state: {}, inputs: (batch) => ({ x: float(batch, 3, 4) }) });

  test.each(
    Object.entries<Compute>({
      'a share of the batch': (x) => tf.div(x, x.shape[0]),
      'as many constants as the batch': (x) => tf.add(x, tf.reshape(tf.range(0, x.shape[0]), [-1, 1, 1])),
      'one more than the batch': (x) =>
        tf.pad(x, [
          [1, 0],
          [0, 0],
          [0, 0],
        ]),
      'each entry by itself': (x) => tf.addN(tf.unstack(x)),
    }),
  )('%s', async (_, compute) => {
    await expect(exported(compute)).rejects.toMatchObject({ code: 'onnx/batch-not-open' });
  });

  test('a step that trains', async () => {
    const step: Step = (weights, { x }) => ({
      state: { bias: tf.mul(weights.bias!, 2) },
      outputs: { y: x! },
    });
    await expect(
      exportModel({ step, state, inputs: (batch) => ({ x: float(batch, 2) }) }),
    ).rejects.toMatchObject({ code: 'onnx/changes-state' });
  });

  test('two things of one name', async () => {
    const step: Step = (_, { x }) => ({ state: {}, outputs: { x: tf.neg(x!) } });
    await expect(
      exportModel({ step, state: {}, inputs: (batch) => ({ x: float(batch, 2) }) }),
    ).rejects.toMatchObject({ code: 'onnx/same-name' });
  });

  test.each(['t0', 'v1', 'f1', 'i1'])('no name of a user meets one inside: %s', async (name) => {
    const step: Step = (_, batch) => ({
      state: {},
      outputs: { y: tf.reshape(tf.add(tf.mul(batch[name]!, 2), 1), [-1, 1]) },
    });
    const { file } = await exportModel({ step, state: {}, inputs: (batch) => ({ [name]: float(batch, 1) }) });
    const session = await onnx.InferenceSession.create(file);
    const { y } = await session.run({ [name]: new onnx.Tensor('float32', Float32Array.of(3), [1, 1]) });
    expect((y!.data as Float32Array)[0]).toBe(7);
    const reserved = exportModel({
      step,
      state: {},
      inputs: (batch) => ({ [`__${name}`]: float(batch, 1) }),
    });
    await expect(reserved).rejects.toThrow();
  });

  test('inputs that depend on the size of the batch', async () => {
    const step: Step = (_, batch) => ({ state: {}, outputs: { y: Object.values(batch)[0]! } });
    const inputs = (batch: number) => ({ [`x${batch}`]: float(batch, 2) });
    await expect(exportModel({ step, state: {}, inputs })).rejects.toMatchObject({
      code: 'onnx/batch-not-open',
    });
  });

  test('a kernel without an ONNX form, which is named', async () => {
    await expect(exported((x) => tf.cumsum(x, 1))).rejects.toMatchObject({
      code: 'backend/unsupported-kernel',
      message: expect.stringContaining('"Cumsum"'),
    });
  });
});

test('the file holds standard operators alone, weights by their names, and what it is told to say', async () => {
  const { file } = await exportModel({
    step: stepOf((x, { scale, bias }) =>
      gelu(
        layerNorm(
          tf.matMul(x, x, false, true).slice([0, 0, 0], [-1, 3, 3]),
          tf.slice(scale as tf.Tensor1D, 0, 3),
          tf.slice(bias as tf.Tensor1D, 0, 3),
          1e-5,
        ),
      ),
    ),
    state,
    inputs: (batch) => ({ x: float(batch, 3, 4) }),
    metadata: { channels: '["load"]' },
  });
  const text = new TextDecoder('latin1').decode(file);
  expect(text).not.toContain('com.microsoft');
  expect(text).toContain('scale');
  expect(text).not.toContain('weight');
  expect(text).toContain('["load"]');
});
