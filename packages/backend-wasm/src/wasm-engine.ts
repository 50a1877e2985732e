import { PatchBertError } from '@patchbert/errors';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { registerUnsortedSegmentSum } from './unsorted-segment-sum.ts';
import { type WasmAddresses, wasmFeatures } from './wasm-files.ts';

const ENGINE = 'wasm';

/** tfjs' own order of preference among its engines. */
const PRIORITY = 2;

/** Whether tfjs has its WebAssembly engine already; it has one per page or process, and all share it. */
export function wasmIsRunning(): boolean {
  return ENGINE in tf.engine().registry;
}

/** Loads tfjs' WebAssembly engine, with the kernel that it lacks. */
export async function startWasmEngine(addresses: WasmAddresses, threads: number | undefined): Promise<void> {
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  registerUnsortedSegmentSum();
  if (wasmIsRunning()) return;
  if (tf.device_util.isBrowser()) setWasmPaths({ ...addresses });
  if (threads !== undefined) setThreadsCount(threads);
  const factory = tf.findBackendFactory(ENGINE);
  const engine = (await factory()) as BackendWasm;
  if (wasmIsRunning()) return engine.dispose(); // Started meanwhile by another.
  guardMemory(engine);
  // Registered as it is, started: tfjs itself would only print why it failed to start.
  tf.removeBackend(ENGINE);
  tf.registerBackend(ENGINE, () => engine, PRIORITY);
  tf.findBackend(ENGINE);
}

/** SIMD and threads of the engine that runs. */
export async function describeWasm(): Promise<string> {
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const { simd, threads } = await wasmFeatures();
  const count = threads && simd ? getThreadsCount() : 1;
  return `${simd ? 'SIMD' : 'no SIMD'}, ${count === 1 ? '1 thread' : `${count} threads`}`;
}

/** The allocator takes sizes for signed 32-bit numbers: larger ones make it give back memory that is in use. */
const MOST_BYTES = 2 ** 31 - 2 ** 16;

/** The allocator answers 0 when memory is full, and tfjs would write there, over what is in memory already. */
function guardMemory(engine: BackendWasm): void {
  const wasm = engine.wasm as unknown as { _malloc(bytes: number): number; _free(address: number): void };
  // The first call puts the allocator itself in its place.
  wasm._free(wasm._malloc(8));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes <= MOST_BYTES ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new PatchBertError(
      'backend/out-of-memory',
      `tfjs-wasm: there is no room for another ${bytes} bytes (at most 2 GiB at once, 4 GiB in all); take a smaller batch or a smaller model.`,
    );
  };
}
