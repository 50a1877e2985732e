import { backendContract } from '@patchbert/backend-contract';
import { onnxWebgpu } from '@patchbert/backend-onnx';
import { describe, it } from 'vitest';

describe('onnx-webgpu meets the backend contract in a page', () => {
  for (const { name, check } of backendContract) it(name, () => check(onnxWebgpu));
});
