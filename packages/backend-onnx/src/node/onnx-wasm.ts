import { elsewhere } from '../elsewhere.ts';

/** ONNX Runtime as WebAssembly, which runs in pages; here it says so. */
export const onnxWasm = elsewhere(
  'onnx-wasm',
  'it runs in a page; in Node onnx-cpu is the same engine at native speed.',
);
