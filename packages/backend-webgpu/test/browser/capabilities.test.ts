import type { Step } from '@patchbert/backend';
import { adapters, tfjsWebgpu } from '@patchbert/backend-webgpu';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

// The first test of the file: nothing has started the engine yet.
test('backends started at once share one device', async () => {
  const backends = await Promise.all([tfjsWebgpu.create(), tfjsWebgpu.create()]);
  const step: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.add(x!, x!) } });
  for (const backend of backends) {
    const program = await backend.compile(step, { state: {}, batch: { x: spec(2) } });
    expect((await program.run({ x: float32Tensor(Float32Array.of(1, 2)) })).y!.data).toEqual(
      Float32Array.of(2, 4),
    );
    await backend.dispose();
  }
});

test('names the graphics card, and says when there is none behind it', async () => {
  const backend = await tfjsWebgpu.create();
  // The tests' browser has SwiftShader.
  expect(backend.capabilities).toMatchObject({
    trains: true,
    precision: 'float32',
    engine: expect.stringMatching(/swiftshader.*in software/),
  });
  await backend.dispose();
  expect(adapters).toEqual([tfjsWebgpu]);
});

test('what is not a number reaches the host as such, small and large', async () => {
  const backend = await tfjsWebgpu.create();
  const step: Step = (_, { x, big }) => ({
    state: {},
    outputs: {
      root: tf.sqrt(x!),
      loss: tf.mean(tf.sqrt(big!)),
      infinite: tf.div(big!, 0),
      sum: tf.sum(big!),
    },
  });
  const size = 4096;
  const program = await backend.compile(step, { state: {}, batch: { x: spec(2), big: spec(size) } });
  const big = new Float32Array(size).fill(1);
  big[size - 1] = -1;
  const run = (values: Float32Array) =>
    program.run({ x: float32Tensor(Float32Array.of(-1, 4)), big: float32Tensor(values) });
  const outputs = await run(big);
  expect(outputs.root!.data).toEqual(Float32Array.of(Number.NaN, 2));
  expect(outputs.loss!.data[0]).toBeNaN();
  expect(outputs.infinite!.data[0]).toBe(Number.POSITIVE_INFINITY);
  big[7] = Number.NaN;
  expect((await run(big)).sum!.data[0]).toBeNaN();
  await backend.dispose();
});

test('a command that the device refuses is the error of a lost device, and the next backend starts afresh', async () => {
  const backend = await tfjsWebgpu.create();
  // 2^33 bytes, more than any buffer may have.
  const huge: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.max(tf.tile(x!, [2 ** 20])) } });
  const signature = { state: {}, batch: { x: spec(2 ** 11) } };
  await expect(backend.compile(huge, signature)).rejects.toMatchObject({
    code: 'backend/device-lost',
    message: expect.stringMatching(/refused a command|out of memory/),
  });
  await backend.dispose();
  const next = await tfjsWebgpu.create();
  const small: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.max(x!) } });
  const program = await next.compile(small, signature);
  const { y } = await program.run({ x: float32Tensor(new Float32Array(2 ** 11).fill(3)) });
  expect(y!.data[0]).toBe(3);
  await next.dispose();
});
