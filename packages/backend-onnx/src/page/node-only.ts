import { elsewhere } from '../elsewhere.ts';

const reason = 'it runs in Node; in a page choose onnx-wasm or onnx-webgpu.';

/** ONNX Runtime on the processor in Node; here it says so. */
export const onnxCpu = elsewhere('onnx-cpu', 'ONNX Runtime on the processor, native, in Node', reason);

/** ONNX Runtime on CUDA in Node; here it says so. */
export const onnxCuda = elsewhere(
  'onnx-cuda',
  'ONNX Runtime on an NVIDIA card through CUDA, in Node on Linux',
  reason,
);

/** ONNX Runtime on CoreML in Node; here it says so. */
export const onnxCoreml = elsewhere(
  'onnx-coreml',
  "ONNX Runtime on Apple's CoreML, in Node on macOS; no training",
  reason,
);

/** ONNX Runtime on DirectML in Node; here it says so. */
export const onnxDirectml = elsewhere(
  'onnx-directml',
  'ONNX Runtime on any Direct3D 12 card through DirectML, in Node on Windows',
  reason,
);
