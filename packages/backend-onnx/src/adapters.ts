import type { BackendAdapter } from '@patchbert/backend';
import { onnxCoreml } from './node/onnx-coreml.ts';
import { onnxCpu } from './node/onnx-cpu.ts';
import { onnxCuda } from './node/onnx-cuda.ts';
import { onnxDirectml } from './node/onnx-directml.ts';
import { onnxWasm } from './node/onnx-wasm.ts';
import { onnxWebgpu } from './node/onnx-webgpu.ts';

/** Every adapter of this package, the default first. */
export const adapters: readonly BackendAdapter[] = [
  onnxCpu,
  onnxWebgpu,
  onnxCuda,
  onnxCoreml,
  onnxDirectml,
  onnxWasm,
];
