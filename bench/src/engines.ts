import { type BackendAdapter, defineBackend, tfjsCpu } from '@patchbert/backend';
import { tfjsNodeCpu, tfjsNodeGpu } from '@patchbert/backend-node-gpu';
import { onnxCpu } from '@patchbert/backend-onnx';

/** tfjs' WebAssembly engine (SIMD, one thread in Node), as a yardstick. */
const tfjsWasm = defineBackend({
  name: 'tfjs-wasm',
  description: 'TensorFlow.js in WebAssembly',
  async start() {
    await import('@tensorflow/tfjs-backend-wasm');
    return {
      tfjsBackend: 'wasm',
      capabilities: { trains: true, precision: 'float32', engine: 'tfjs wasm' },
    };
  },
});

/** The engines of this project and of tfjs that a benchmark can run. */
export const engines: readonly BackendAdapter[] = [onnxCpu, tfjsNodeGpu, tfjsNodeCpu, tfjsWasm, tfjsCpu];
