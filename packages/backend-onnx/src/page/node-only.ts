import { elsewhere } from '../elsewhere.ts';

const reason = 'it runs in Node; in a page choose onnx-wasm or onnx-webgpu.';

/** ONNX Runtime on the processor in Node; here it says so. */
export const onnxCpu = elsewhere('onnx-cpu', reason);

/** ONNX Runtime on CUDA in Node; here it says so. */
export const onnxCuda = elsewhere('onnx-cuda', reason);

/** ONNX Runtime on CoreML in Node; here it says so. */
export const onnxCoreml = elsewhere('onnx-coreml', reason);

/** ONNX Runtime on DirectML in Node; here it says so. */
export const onnxDirectml = elsewhere('onnx-directml', reason);
