/** Run by `npm test`: does the backend do all that a backend must? */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backendContract, selfTest } from '@patchbert/backend-contract';
import { gelu, layerNorm } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { adapters } from './index.mjs';

for (const adapter of adapters) {
  for (const { name, check } of backendContract) test(`${adapter.name} ${name}`, () => check(adapter));

  test(`${adapter.name} trains a transformer as the float64 reference does`, async () => {
    const { passed, largestError } = await selfTest(adapter);
    assert.ok(passed, `largest error ${largestError}`);
  });
}

test('the fused kernels are the ones that run', async () => {
  const backend = await adapters[0].create();
  const step = (_state, { x, ones }) => ({ state: {}, outputs: { y: gelu(layerNorm(x, ones, ones, 1e-5)) } });
  const spec = (...shape) => ({ shape, dtype: 'float32' });
  const program = await backend.compile(step, { state: {}, batch: { x: spec(2, 3), ones: spec(3) } });
  const x = { ...spec(2, 3), data: Float32Array.of(1, 2, 6, -1, 0, 4) };
  const profile = await tf.profile(async () => {
    await program.run({ x, ones: { ...spec(3), data: Float32Array.of(1, 1, 1) } });
  });
  assert.ok(
    profile.kernelNames.includes('PatchbertGelu') && profile.kernelNames.includes('PatchbertLayerNorm'),
  );
  assert.ok(!profile.kernelNames.includes('Erf'));
  await backend.dispose();
});
