import { backendContract } from '@patchbert/backend-contract';
import { onnxWasm } from '@patchbert/backend-onnx';
import { describe, expect, it } from 'vitest';
import { describeKernels } from '../kernel-suite.ts';

const oneThread = { ...onnxWasm, create: () => onnxWasm.create({ threads: 1 }) };

describe('onnx-wasm with one thread meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(oneThread));

  it('says how many threads it has', async () => {
    const backend = await oneThread.create();
    expect(backend.capabilities.engine).toMatch(/^ONNX Runtime 1\.\d+\.\d+, WebAssembly, 1 thread$/);
    await backend.dispose();
  });

  it('refuses another number of threads once the page has started it', async () => {
    await expect(onnxWasm.create({ threads: 2 })).rejects.toMatchObject({
      code: 'backend/bad-option',
      message: expect.stringContaining('2 threads: this page started it with 1 thread'),
    });
  });
});

describeKernels(oneThread);
