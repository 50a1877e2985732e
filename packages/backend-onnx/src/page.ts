export { adapters } from './page/adapters.ts';
export { onnxCoreml, onnxCpu, onnxCuda, onnxDirectml } from './page/node-only.ts';
export { onnxWasm } from './page/onnx-wasm.ts';
export { onnxWebgpu } from './page/onnx-webgpu.ts';
