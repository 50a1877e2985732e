import type { Signature, Step } from '@patchbert/backend';
import { deviceLossContract } from '@patchbert/backend-contract';
import { tfjsWebgl } from '@patchbert/backend-webgl';
import { float32Tensor } from '@patchbert/ops';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, test } from 'vitest';

const lost = { code: 'backend/device-lost', message: expect.stringContaining('WebGL context was lost') };
const signature: Signature = { state: {}, batch: { x: { shape: [256], dtype: 'float32' } } };
const double: Step = (_, { x }) => ({ state: {}, outputs: { y: tf.mul(x!, 2) } });
const batch = { x: float32Tensor(new Float32Array(256).fill(3)) };

function currentContext(): WebGL2RenderingContext {
  return (tf.findBackend('webgl') as MathBackendWebGL).gpgpu.gl as WebGL2RenderingContext;
}

describe('tfjs-webgl survives a lost context', () => {
  const lose = () => currentContext().getExtension('WEBGL_lose_context')!.loseContext();
  for (const { name, check } of deviceLossContract(lose)) it(name, () => check(tfjsWebgl));
});

test('a context that the browser restores stays lost for the programs that were on it', async () => {
  const backend = await tfjsWebgl.create();
  const program = await backend.compile(double, signature);
  const gl = currentContext();
  const extension = gl.getExtension('WEBGL_lose_context')!;
  const event = (name: string) =>
    new Promise((resolve) => gl.canvas.addEventListener(name, resolve, { once: true }));
  const wasLost = event('webglcontextlost');
  extension.loseContext();
  await wasLost;
  // The browser allows it once the event is over.
  await new Promise((resolve) => setTimeout(resolve));
  const wasRestored = event('webglcontextrestored');
  extension.restoreContext();
  await wasRestored;
  expect(gl.isContextLost()).toBe(false);
  await expect(program.run(batch)).rejects.toMatchObject(lost);
  await backend.dispose();
  await expectToWork();
});

test('a command that WebGL refuses is the same error, and the next backend starts afresh', async () => {
  const backend = await tfjsWebgl.create();
  const program = await backend.compile(double, signature);
  // More memory than there is.
  const gl = currentContext();
  gl.bindTexture(gl.TEXTURE_3D, gl.createTexture());
  gl.texStorage3D(gl.TEXTURE_3D, 1, gl.RGBA32F, 2048, 2048, 2048);
  await expect(program.run(batch)).rejects.toMatchObject({
    code: 'backend/device-lost',
    message: expect.stringContaining('WebGL refused a command'),
  });
  await expect(program.run(batch)).rejects.toMatchObject(lost);
  await backend.dispose();
  await expectToWork();
});

async function expectToWork(): Promise<void> {
  const backend = await tfjsWebgl.create();
  const program = await backend.compile(double, signature);
  expect((await program.run(batch)).y!.data).toEqual(new Float32Array(256).fill(6));
  await backend.dispose();
}
