import type { Step } from '@patchbert/backend';
import { tfjsWasm, tfjsWasmFrom } from '@patchbert/backend-wasm';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

/** The tests' server has the repository's files. */
const files = '/packages/backend-wasm/node_modules/@tensorflow/tfjs-backend-wasm/dist/';

// In this order: an engine that runs needs no files any more.
test('files that are not beside the page are missed before tfjs looks for them, with what to do', async () => {
  expect(await tfjsWasm.isAvailable()).toMatchObject({
    available: false,
    reason: expect.stringMatching(/simd\.wasm is no WebAssembly file .*tfjsWasmFrom/),
  });
  await expect(tfjsWasm.create()).rejects.toMatchObject({ code: 'backend/unavailable' });
  await expect(tfjsWasmFrom('http://localhost:9/').create()).rejects.toMatchObject({
    code: 'backend/unavailable',
    message: expect.stringContaining('tfjsWasmFrom'),
  });
});

test('then it starts from where they are, each named by its address, with the threads asked for', async () => {
  // tfjs takes half of what the browser counts as processors, at most.
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });
  const backend = await tfjsWasmFrom({
    plain: `${files}tfjs-backend-wasm.wasm`,
    simd: `${files}tfjs-backend-wasm-simd.wasm`,
    threadedSimd: `${files}tfjs-backend-wasm-threaded-simd.wasm`,
  }).create({ threads: 2 });
  // The tests' page is cross-origin isolated.
  expect(backend.capabilities.engine).toBe('tfjs-backend-wasm 4.22.0, SIMD, 2 threads');
  const size = 200;
  const spec = { shape: [size, size], dtype: 'float32' } as const;
  const step: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.matMul(x!, x!) } });
  const program = await backend.compile(step, { state: {}, batch: { x: spec } });
  const { y } = await program.run({ x: float32Tensor(new Float32Array(size * size).fill(1), spec.shape) });
  expect(y!.data).toEqual(new Float32Array(size * size).fill(size));
  await backend.dispose();
});
