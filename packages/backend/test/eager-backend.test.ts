import { createEagerBackend, type EagerEngine, type Signature, type Step } from '@patchbert/backend';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';

const signature: Signature = {
  state: { sum: { shape: [2], dtype: 'float32' } },
  batch: { x: { shape: [2], dtype: 'float32' } },
};
const add: Step = ({ sum }, { x }) => ({ state: { sum: tf.add(sum!, x!) }, outputs: { y: tf.mul(x!, 2) } });
const x = float32Tensor(Float32Array.of(1, 2));

const capabilities = { trains: true, precision: 'float32', engine: 'test' } as const;
const backendOf = (engine: Partial<EagerEngine> = {}) =>
  createEagerBackend({ name: 'test', tfjsBackend: 'cpu', capabilities, ...engine });

// An engine that knows hardly any kernel.
beforeAll(async () => {
  await backendOf();
  tf.copyRegisteredKernels('cpu', 'almost-empty');
  for (const { kernelName } of tf.getKernelsForBackend('almost-empty')) {
    if (kernelName !== 'Identity') tf.unregisterKernel(kernelName, 'almost-empty');
  }
  tf.registerBackend('almost-empty', tf.findBackendFactory('cpu'), 0);
  // One that is not there to be chosen, as its priority says.
  tf.copyRegisteredKernels('cpu', 'not-for-users');
  tf.registerBackend('not-for-users', tf.findBackendFactory('cpu'), -1);
});

test('a kernel that the engine lacks is named when the step is compiled, with the engines that have it', async () => {
  const backend = await backendOf({ tfjsBackend: 'almost-empty' });
  const before = tf.memory().numTensors;
  await expect(backend.compile(add, signature)).rejects.toMatchObject({
    code: 'backend/unsupported-kernel',
    message: expect.stringMatching(/"test" lacks the tfjs kernel "Add" .* have it: cpu\.$/),
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('a step that breaks its signature is refused when it is compiled', async () => {
  const backend = await backendOf();
  const undeclared: Step = (_, { x }) => ({ state: { total: x! }, outputs: {} });
  await expect(backend.compile(undeclared, signature)).rejects.toMatchObject({ code: 'backend/bad-step' });
});

test('an engine unfit for training runs steps that only read, and refuses those that change state', async () => {
  const backend = await backendOf({ capabilities: { ...capabilities, trains: false, precision: 'float16' } });
  await expect(backend.compile(add, signature)).rejects.toMatchObject({
    code: 'backend/cannot-train',
    message: expect.stringContaining('float16'),
  });
  const read: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.mul(x!, 2) } });
  const program = await backend.compile(read, { ...signature, state: {} });
  expect((await program.run({ x })).y?.data).toEqual(Float32Array.of(2, 4));
});

test('a device that is lost is a typed error from then on, in place of what came of it', async () => {
  let reason: string | undefined;
  const backend = await backendOf({ deviceLost: () => reason });
  const losing: Step = (state, batch) => {
    if (losingNow) reason = 'unplugged';
    return add(state, batch);
  };
  let losingNow = false;
  const program = await backend.compile(losing, signature);
  await program.writeState({ sum: x });
  await program.run({ x });
  losingNow = true;
  const lost = { code: 'backend/device-lost', message: expect.stringContaining('unplugged') };
  await expect(program.run({ x })).rejects.toMatchObject(lost);
  await expect(program.readState()).rejects.toMatchObject(lost);
  await expect(program.writeState({ sum: x })).rejects.toMatchObject(lost);
  await expect(backend.compile(add, signature)).rejects.toMatchObject(lost);
  program.dispose();
});
