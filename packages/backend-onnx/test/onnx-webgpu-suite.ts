import { backendContract } from '@patchbert/backend-contract';
import { onnxWebgpu } from '@patchbert/backend-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

/** Drawn in software, as in these tests, steps take it long. */
const timeout = 240_000;

/** What onnx-webgpu owes in Node and in a page; `refusal` is what it says of a kernel that it cannot take. */
export function describeOnnxWebgpu(where: string, refusal: RegExp): void {
  describe(`onnx-webgpu meets the backend contract in ${where}`, () => {
    for (const { name, check } of backendContract) it(name, { timeout }, () => check(onnxWebgpu));
  });

  describe(`onnx-webgpu in ${where}`, () => {
    it('leaves nothing to the processor: it names the kernel it cannot take', async () => {
      const backend = await onnxWebgpu.create();
      const signature = { state: {}, batch: { x: { shape: [4], dtype: 'int32' as const } } };
      const compiling = backend.compile(
        (_, { x }) => ({ state: {}, outputs: { y: tf.slice(x!, 1) } }),
        signature,
      );
      await expect(compiling).rejects.toMatchObject({
        code: 'backend/unsupported-kernel',
        message: expect.stringMatching(refusal),
      });
      await backend.dispose();
    });
  });
}
