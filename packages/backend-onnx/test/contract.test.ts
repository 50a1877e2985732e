import { backendContract } from '@patchbert/backend-contract';
import { onnxCpu } from '@patchbert/backend-onnx';
import { describe, it } from 'vitest';

describe('onnx-cpu meets the backend contract', () => {
  for (const { name, check } of backendContract) it(name, () => check(onnxCpu));
});
