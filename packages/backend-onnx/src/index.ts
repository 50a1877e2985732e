export { adapters } from './adapters.ts';
export { onnxCoreml } from './node/onnx-coreml.ts';
export { onnxCpu } from './node/onnx-cpu.ts';
export { onnxCuda } from './node/onnx-cuda.ts';
export { onnxDirectml } from './node/onnx-directml.ts';
export { onnxWasm } from './node/onnx-wasm.ts';
export { onnxWebgpu } from './node/onnx-webgpu.ts';
