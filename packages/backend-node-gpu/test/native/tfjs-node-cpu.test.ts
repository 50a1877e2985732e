import { startBackend } from '@patchbert/backend';
import { backendContract } from '@patchbert/backend-contract';
import { adapters, tfjsNodeCpu, tfjsNodeGpu } from '@patchbert/backend-node-gpu';
import { float32Tensor, int32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, test } from 'vitest';
import { installForWorkspace } from '../support/workspace-binding.ts';

installForWorkspace();

describe('TensorFlow on the CPU meets the contract:', () => {
  for (const { name, check } of backendContract) it(name, () => check(tfjsNodeCpu));
});

test('it says what runs', async () => {
  const backend = await startBackend(adapters, 'tfjs-node-cpu');
  expect(backend.capabilities).toEqual({
    trains: true,
    precision: 'float32',
    engine: 'TensorFlow 2.21.0 on the CPU, @tensorflow/tfjs-node 4.22.0',
  });
  await backend.dispose();
});

test('whole numbers are round already, and others are rounded to even', async () => {
  const backend = await tfjsNodeCpu.create();
  const program = await backend.compile(
    (_, { whole, other }) => ({ state: {}, outputs: { whole: tf.round(whole!), other: tf.round(other!) } }),
    { state: {}, batch: { whole: { shape: [3], dtype: 'int32' }, other: { shape: [4], dtype: 'float32' } } },
  );
  const outputs = await program.run({
    whole: int32Tensor(Int32Array.of(-7, 0, 2_000_000_001)),
    other: float32Tensor(Float32Array.of(-1.5, 0.5, 2.5, 7.2)),
  });
  expect(outputs.whole).toEqual(int32Tensor(Int32Array.of(-7, 0, 2_000_000_001)));
  expect(outputs.other?.data).toEqual(Float32Array.of(-2, 0, 2, 7));
  await backend.dispose();
});

test('TensorFlow holds no more tensors after many steps', async () => {
  const backend = await tfjsNodeCpu.create();
  const spec = { shape: [4], dtype: 'float32' } as const;
  const program = await backend.compile(
    ({ sum }, { x }) => ({ state: { sum: tf.add(sum!, tf.softmax(x!)) }, outputs: { last: tf.mean(sum!) } }),
    { state: { sum: spec }, batch: { x: spec } },
  );
  const x = float32Tensor(Float32Array.of(1, 2, 3, 4));
  await program.writeState({ sum: x });
  const held = () =>
    (tf.findBackend('tensorflow') as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors();
  await program.run({ x });
  const before = held();
  for (let step = 0; step < 50; step++) await program.run({ x });
  expect(held()).toBe(before);
  await backend.dispose();
});

test('the GPU is refused in the process that computes on the CPU', async () => {
  expect(await tfjsNodeGpu.isAvailable()).toMatchObject({ available: false });
});
