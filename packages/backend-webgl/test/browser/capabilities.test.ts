import type { Signature, Step } from '@patchbert/backend';
import { tfjsWebgl } from '@patchbert/backend-webgl';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

/** Gradient descent: the state is multiplied by `1 - 2 rate x^2`. */
const descend: Step = ({ weight }, { x, rate }) => {
  const { value, grad } = tf.valueAndGrad((w: tf.Tensor) => tf.sum(tf.square(tf.mul(w, x!))))(weight!);
  return { state: { weight: tf.sub(weight!, tf.mul(rate!, grad)) }, outputs: { loss: value } };
};
const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const signature: Signature = { state: { weight: spec(256) }, batch: { x: spec(256), rate: spec() } };

test('names the renderer, and says when there is no graphics card behind it', async () => {
  const backend = await tfjsWebgl.create();
  // The tests' browser has SwiftShader.
  expect(backend.capabilities).toMatchObject({
    trains: true,
    precision: 'float32',
    engine: expect.stringMatching(/SwiftShader.*in software/),
  });
  await backend.dispose();
});

test('a card that renders in 16 bits trains nothing, and predicts', async () => {
  const flags = tf.env();
  flags.set('WEBGL_RENDER_FLOAT32_ENABLED', false);
  try {
    const backend = await tfjsWebgl.create();
    expect(backend.capabilities).toMatchObject({ trains: false, precision: 'float16' });
    await expect(backend.compile(descend, signature)).rejects.toMatchObject({
      code: 'backend/cannot-train',
      message: expect.stringContaining('float16'),
    });
    const predict: Step = ({ weight }, { x }) => ({ state: {}, outputs: { y: tf.mul(weight!, x!) } });
    const program = await backend.compile(predict, signature);
    await program.writeState({ weight: float32Tensor(new Float32Array(256).fill(0.1)) });
    const { y } = await program.run(batchOf(0));
    expect(y!.data[0]).toBeCloseTo(0.2, 3);
    await backend.dispose();
  } finally {
    flags.set('WEBGL_RENDER_FLOAT32_ENABLED', true);
  }
});

test('what is not a number reaches the host as such, small and large', async () => {
  const backend = await tfjsWebgl.create();
  const step: Step = (_, { x, big }) => ({
    state: {},
    outputs: { root: tf.sqrt(x!), loss: tf.mean(tf.sqrt(big!)), infinite: tf.div(big!, 0) },
  });
  const size = 4096;
  const program = await backend.compile(step, { state: {}, batch: { x: spec(2), big: spec(size) } });
  const big = new Float32Array(size).fill(1);
  big[size - 1] = -1;
  const outputs = await program.run({ x: float32Tensor(Float32Array.of(-1, 4)), big: float32Tensor(big) });
  expect(outputs.root!.data).toEqual(Float32Array.of(Number.NaN, 2));
  expect(outputs.loss!.data[0]).toBeNaN();
  expect(outputs.infinite!.data[0]).toBe(Number.POSITIVE_INFINITY);
  await backend.dispose();
});

test('a diverging training shows on the host', async () => {
  const backend = await tfjsWebgl.create();
  const program = await backend.compile(descend, signature);
  await program.writeState({ weight: float32Tensor(new Float32Array(256).fill(1)) });
  const losses = [];
  for (let step = 0; step < 6; step++) losses.push((await program.run(batchOf(1e12))).loss!.data[0]!);
  expect(losses[0]).toBe(1024);
  expect(losses.at(-1)).toSatisfy((loss: number) => !Number.isFinite(loss));
  await backend.dispose();
});

function batchOf(rate: number) {
  return {
    x: float32Tensor(new Float32Array(256).fill(2)),
    rate: float32Tensor(Float32Array.of(rate), []),
  };
}
