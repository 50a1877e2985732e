export { adapters } from './adapters.ts';
export { tfjsWasm, tfjsWasmFrom } from './tfjs-wasm.ts';
export type { WasmFiles } from './wasm-files.ts';
