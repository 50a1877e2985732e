import { type BackendAdapter, createEagerBackend, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';

/** tfjs' WebAssembly engine (SIMD, one thread in Node), as a yardstick. */
const tfjsWasm: BackendAdapter = {
  name: 'tfjs-wasm',
  isAvailable: async () => ({ available: true }),
  async create() {
    await import('@tensorflow/tfjs-backend-wasm');
    return createEagerBackend({
      name: 'tfjs-wasm',
      tfjsBackend: 'wasm',
      capabilities: { trains: true, precision: 'float32', engine: 'tfjs wasm' },
    });
  },
};

/** The engines of this project and of tfjs that a benchmark can run. */
export const engines: readonly BackendAdapter[] = [onnxCpu, tfjsWasm, tfjsCpu];
