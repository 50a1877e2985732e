import type { Step } from '@patchbert/backend';
import * as tf from '@tensorflow/tfjs-core';
import * as onnx from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { exportTrainingStep } from '../src/index.ts';

/** Gradient descent with momentum on a line through points. */
const step: Step = (state, { x, y, rate }) => {
  const loss = (slope: tf.Tensor) => tf.mean(tf.square(tf.sub(tf.mul(slope, x!), y!))) as tf.Scalar;
  const { value, grad } = tf.valueAndGrad(loss)(state.slope!);
  const momentum = tf.add(tf.mul(state.momentum!, 0.5), grad);
  return {
    state: { slope: tf.sub(state.slope!, tf.mul(rate!, momentum)), momentum },
    outputs: { loss: value },
  };
};
const scalar = { shape: [], dtype: 'float32' } as const;
const points = { x: Float32Array.of(1, 2, 4), y: Float32Array.of(3, 6, 12) };

test('a training step runs elsewhere: from some state, then from what it returned', async () => {
  const { file, inputs, outputs } = await exportTrainingStep({
    step,
    signature: {
      state: { slope: scalar, momentum: scalar, frozen: scalar },
      batch: { x: { shape: [3], dtype: 'float32' }, y: { shape: [3], dtype: 'float32' }, rate: scalar },
    },
    metadata: { step: '12' },
  });
  expect(inputs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['state:slope', 'state:momentum', 'batch:x', 'batch:y', 'batch:rate']),
  );
  expect(outputs.map(({ name }) => name)).toEqual(['next:slope', 'next:momentum', 'output:loss']);
  const session = await onnx.InferenceSession.create(file, { logSeverityLevel: 3 });
  const batch = {
    'batch:x': new onnx.Tensor('float32', points.x, [3]),
    'batch:y': new onnx.Tensor('float32', points.y, [3]),
    'batch:rate': new onnx.Tensor('float32', Float32Array.of(0.01), []),
  };
  let [slope, momentum] = [0.5, 0];
  const number = (value: number) => new onnx.Tensor('float32', Float32Array.of(value), []);
  let fed: Record<string, onnx.Tensor> = {
    'state:slope': number(slope),
    'state:momentum': number(momentum),
    'state:frozen': number(7),
  };
  for (let i = 0; i < 30; i++) {
    const result = await session.run({ ...batch, ...fed });
    const loss = points.x.reduce((sum, x, k) => sum + (slope * x - points.y[k]!) ** 2 / 3, 0);
    expect((result['output:loss']!.data as Float32Array)[0]).toBeCloseTo(loss, 4);
    const gradient = points.x.reduce((sum, x, k) => sum + (2 * x * (slope * x - points.y[k]!)) / 3, 0);
    momentum = 0.5 * momentum + gradient;
    slope -= 0.01 * momentum;
    fed = { ...fed, 'state:slope': result['next:slope']!, 'state:momentum': result['next:momentum']! };
    expect((result['next:slope']!.data as Float32Array)[0]).toBeCloseTo(slope, 4);
  }
  expect(slope).toBeCloseTo(3, 2);
});
