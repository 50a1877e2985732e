import { backendContract } from '@patchbert/backend-contract';
import { onnxWebgpu } from '@patchbert/backend-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

describe('onnx-webgpu meets the backend contract in Node', () => {
  for (const { name, check } of backendContract) it(name, () => check(onnxWebgpu));
});

describe('onnx-webgpu in Node', () => {
  it('leaves nothing to the processor: it names the kernel it cannot take', async () => {
    const backend = await onnxWebgpu.create();
    const signature = { state: {}, batch: { x: { shape: [4], dtype: 'int32' as const } } };
    const compiling = backend.compile(
      (_, { x }) => ({ state: {}, outputs: { y: tf.slice(x!, 1) } }),
      signature,
    );
    await expect(compiling).rejects.toMatchObject({
      code: 'backend/unsupported-kernel',
      message: expect.stringMatching(/webgpu, Vulkan\) does not run the tfjs kernel "Slice" of int32 \[4\]/),
    });
    await backend.dispose();
  });
});
