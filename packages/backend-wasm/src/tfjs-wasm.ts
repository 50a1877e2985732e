import { type BackendAdapter, defineBackend } from '@patchbert/backend';
import * as tf from '@tensorflow/tfjs-core';
import { describeWasm, startWasmEngine, wasmIsRunning } from './wasm-engine.ts';
import { addressesOf, type WasmFiles, wasmAvailability } from './wasm-files.ts';

/**
 * tfjs in WebAssembly on the processor, several times faster than `tfjs-cpu`, in Node and in a page. Threads are used in a page that
 * is cross-origin isolated: as many as `threads` says, half the browser's `navigator.hardwareConcurrency` at most (default: that,
 * or 4). Elsewhere there is one. `capabilities.engine` says what is used.
 *
 * In a page the three `.wasm` files of `@tensorflow/tfjs-backend-wasm` are expected beside it; if they are elsewhere, take
 * `tfjsWasmFrom`. In Node they are found inside that package.
 *
 * @example
 * const backend = await tfjsWasm.create();
 */
export const tfjsWasm: BackendAdapter = tfjsWasmFrom('./');

/**
 * `tfjsWasm` for a page whose `.wasm` files are not beside it: the address of their folder, or of each. In Node they are found
 * without it.
 *
 * @throws PatchBertError `backend/bad-option` when an address is missing.
 * @example
 * const adapter = tfjsWasmFrom('/assets/wasm/');
 */
export function tfjsWasmFrom(files: string | WasmFiles): BackendAdapter {
  const addresses = addressesOf(files);
  return defineBackend({
    name: 'tfjs-wasm',
    description: 'TensorFlow.js in WebAssembly on the processor, in Node and in a page',
    isAvailable: async () => (wasmIsRunning() ? { available: true } : wasmAvailability(addresses)),
    async start({ threads }) {
      await startWasmEngine(addresses, threads);
      return {
        tfjsBackend: 'wasm',
        capabilities: {
          trains: true,
          precision: 'float32',
          engine: `tfjs-backend-wasm ${tf.version_core}, ${await describeWasm()}`,
        },
      };
    },
  });
}
