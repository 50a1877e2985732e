import { platform } from 'node:process';
import {
  adapters,
  onnxCoreml,
  onnxCpu,
  onnxCuda,
  onnxDirectml,
  onnxWasm,
  onnxWebgpu,
} from '@patchbert/backend-onnx';
import { expect, test } from 'vitest';

// No Vulkan driver, whatever this machine has: a graphics card is of no use to these tests.
process.env.VK_ICD_FILENAMES = '/nowhere';
process.env.VK_DRIVER_FILES = '/nowhere';

test('the package lists its adapters, the default first', () => {
  expect(adapters).toEqual([onnxCpu, onnxWebgpu, onnxCuda, onnxCoreml, onnxDirectml, onnxWasm]);
  expect(adapters.map(({ name }) => name)).toEqual([
    'onnx-cpu',
    'onnx-webgpu',
    'onnx-cuda',
    'onnx-coreml',
    'onnx-directml',
    'onnx-wasm',
  ]);
});

test.each(adapters.map((adapter) => [adapter.name, adapter] as const))(
  '%s runs, or says in a line why it does not',
  async (name, adapter) => {
    const availability = await adapter.isAvailable();
    if (availability.available) {
      const backend = await adapter.create();
      expect(backend.capabilities.engine).toMatch(/^ONNX Runtime \d+\.\d+\.\d+, \w+, \S/);
      await backend.dispose();
      return;
    }
    expect(availability.reason).toMatch(/^\S.{15,}\.$/);
    await expect(adapter.create()).rejects.toMatchObject({
      code: 'backend/unavailable',
      message: `backend "${name}" cannot run here: ${availability.reason}`,
    });
  },
);

const reasons: Readonly<Record<string, readonly (readonly [string, (typeof adapters)[number], RegExp])[]>> = {
  linux: [
    ['CoreML', onnxCoreml, /part of macOS/],
    ['DirectML', onnxDirectml, /part of Windows/],
    ['WebGPU without a Vulkan driver', onnxWebgpu, /No supported adapters.*Vulkan driver/],
    ['WebAssembly', onnxWasm, /runs in a page.*onnx-cpu/],
  ],
  darwin: [
    ['CUDA', onnxCuda, /Linux x64 only/],
    ['DirectML', onnxDirectml, /part of Windows/],
  ],
  win32: [
    ['CUDA', onnxCuda, /Linux x64 only/],
    ['CoreML', onnxCoreml, /part of macOS/],
  ],
};

test.each(reasons[platform] ?? [])('what is lacking is said: %s', async (_, adapter, expected) => {
  expect(await adapter.isAvailable()).toMatchObject({
    available: false,
    reason: expect.stringMatching(expected),
  });
});
