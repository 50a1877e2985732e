import type { BackendAdapter } from '@patchbert/backend';
import { onnxCoreml, onnxCpu, onnxCuda, onnxDirectml } from './node-only.ts';
import { onnxWasm } from './onnx-wasm.ts';
import { onnxWebgpu } from './onnx-webgpu.ts';

/** Every adapter of this package, those that run in a page first. */
export const adapters: readonly BackendAdapter[] = [
  onnxWasm,
  onnxWebgpu,
  onnxCpu,
  onnxCuda,
  onnxCoreml,
  onnxDirectml,
];
