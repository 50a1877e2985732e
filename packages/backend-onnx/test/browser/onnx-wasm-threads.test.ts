import { backendContract } from '@patchbert/backend-contract';
import { onnxWasm } from '@patchbert/backend-onnx';
import { describe, expect, it } from 'vitest';

const twoThreads = { ...onnxWasm, create: () => onnxWasm.create({ threads: 2 }) };

describe('onnx-wasm with two threads meets the backend contract in an isolated page', () => {
  for (const { name, check } of backendContract) it(name, () => check(twoThreads));

  it('says how many threads it has', async () => {
    const backend = await onnxWasm.create();
    expect(backend.capabilities.engine).toMatch(/WebAssembly, 2 threads$/);
    await backend.dispose();
  });
});
