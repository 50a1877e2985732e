import { adapters, onnxCpu, onnxWasm, onnxWebgpu } from '@patchbert/backend-onnx';
import { expect, test } from 'vitest';

test('a page has the same adapters, those that run in it first', () => {
  expect(adapters.slice(0, 2)).toEqual([onnxWasm, onnxWebgpu]);
  expect(adapters.map(({ name }) => name).sort()).toEqual([
    'onnx-coreml',
    'onnx-cpu',
    'onnx-cuda',
    'onnx-directml',
    'onnx-wasm',
    'onnx-webgpu',
  ]);
});

test('those of Node say so', async () => {
  expect(await onnxCpu.isAvailable()).toMatchObject({
    available: false,
    reason: expect.stringContaining('onnx-wasm'),
  });
  await expect(onnxCpu.create()).rejects.toMatchObject({ code: 'backend/unavailable' });
});
