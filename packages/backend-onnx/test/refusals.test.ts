import { type Signature, type Step, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const signature: Signature = { state: {}, batch: { x: { shape: [4, 2], dtype: 'float32' } } };
const giving =
  (compute: (x: tf.Tensor) => tf.Tensor): Step =>
  (_, { x }) => ({ state: {}, outputs: { y: compute(x!) } });

test.each([
  ['a kernel that cannot be traced', 'Cumsum', (x: tf.Tensor) => tf.cumsum(x)],
  [
    'a kernel in a form that ONNX lacks',
    'GatherV2',
    (x: tf.Tensor) => tf.gather(x, tf.zeros([4, 1], 'int32'), 1, 1),
  ],
])('%s is named, with the engines that have it and the tracer not among them', async (_, kernel, compute) => {
  const backend = await onnxCpu.create({ threads: 1 });
  await expect(backend.compile(giving(compute), signature)).rejects.toMatchObject({
    code: 'backend/unsupported-kernel',
    message: expect.stringMatching(
      new RegExp(`^compile: .*"onnx-cpu".* the tfjs kernel "${kernel}" .*loaded here that have it: cpu\\.$`),
    ),
  });
  await backend.dispose();
  const engine = await tfjsCpu.create();
  await (await engine.compile(giving(compute), signature)).dispose();
  await engine.dispose();
});

test('an operator that ONNX Runtime does not have for a type is named by its kernel', async () => {
  const backend = await onnxCpu.create({ threads: 1 });
  const ofWholeNumbers = giving((x) => tf.round(tf.cast(x, 'int32')));
  await expect(backend.compile(ofWholeNumbers, signature)).rejects.toMatchObject({
    code: 'backend/unsupported-kernel',
    message: expect.stringContaining('does not run the tfjs kernel "Round" of int32 [4, 2]'),
  });
  await backend.dispose();
});
