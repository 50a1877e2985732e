/** What each backend of this package is, in a line; in Node and in a page alike. */
export const descriptions = {
  'onnx-cpu': 'ONNX Runtime on the processor, native, in Node',
  'onnx-webgpu': 'ONNX Runtime on any graphics card through WebGPU',
  'onnx-cuda': 'ONNX Runtime on an NVIDIA card through CUDA, in Node on Linux',
  'onnx-coreml': "ONNX Runtime on Apple's CoreML, in Node on macOS; no training",
  'onnx-directml': 'ONNX Runtime on any Direct3D 12 card through DirectML, in Node on Windows',
  'onnx-wasm': 'ONNX Runtime as WebAssembly, in a page',
} as const;

/** The names of the backends of this package. */
export type OnnxBackendName = keyof typeof descriptions;
