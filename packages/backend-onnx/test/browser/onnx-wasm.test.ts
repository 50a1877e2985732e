import { backendContract } from '@patchbert/backend-contract';
import { onnxWasm } from '@patchbert/backend-onnx';
import { describe, it } from 'vitest';

describe('onnx-wasm meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(onnxWasm));
});
