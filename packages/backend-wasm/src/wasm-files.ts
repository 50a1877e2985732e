import type { Availability } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/** Addresses of the files of `@tensorflow/tfjs-backend-wasm`, of which a browser loads the best that it can run. */
export interface WasmFiles {
  /** `tfjs-backend-wasm.wasm` */
  readonly plain: string;
  /** `tfjs-backend-wasm-simd.wasm` */
  readonly simd: string;
  /** `tfjs-backend-wasm-threaded-simd.wasm` */
  readonly threadedSimd: string;
}

const names: Readonly<Record<keyof WasmFiles, string>> = {
  plain: 'tfjs-backend-wasm.wasm',
  simd: 'tfjs-backend-wasm-simd.wasm',
  threadedSimd: 'tfjs-backend-wasm-threaded-simd.wasm',
};

/** Addresses by the names that tfjs knows the files by. */
export type WasmAddresses = Readonly<Record<string, string>>;

/**
 * Addresses of all files, by the names that tfjs knows them by.
 *
 * @throws PatchBertError `backend/bad-option` when one is missing.
 */
export function addressesOf(files: string | WasmFiles): WasmAddresses {
  const kinds = Object.keys(names) as (keyof WasmFiles)[];
  return Object.fromEntries(
    kinds.map((kind) => {
      const address =
        typeof files === 'string' ? `${files}${files.endsWith('/') ? '' : '/'}${names[kind]}` : files[kind];
      if (typeof address === 'string' && address !== '') return [names[kind], address];
      throw new PatchBertError(
        'backend/bad-option',
        `tfjsWasmFrom: "${kind}", the address of ${names[kind]}, is missing; give all of ${kinds.join(', ')}.`,
      );
    }),
  );
}

/** What the engine can use here. tfjs has one thread in Node, and in pages that are not cross-origin isolated. */
export async function wasmFeatures(): Promise<{ simd: boolean; threads: boolean }> {
  await import('@tensorflow/tfjs-backend-wasm');
  const flag = (name: string) => tf.env().getAsync(name) as Promise<boolean>;
  return {
    simd: await flag('WASM_HAS_SIMD_SUPPORT'),
    threads: await flag('WASM_HAS_MULTITHREAD_SUPPORT'),
  };
}

/**
 * Whether there is WebAssembly, and in a page, whether the file is where it is expected: once tfjs has looked for it in vain, it
 * cannot be told of another place any more.
 */
export async function wasmAvailability(addresses: WasmAddresses): Promise<Availability> {
  if (typeof WebAssembly === 'undefined') {
    return { available: false, reason: 'there is no WebAssembly here; choose tfjs-cpu.' };
  }
  if (!tf.device_util.isBrowser()) return { available: true };
  const { simd, threads } = await wasmFeatures();
  const name = names[!simd ? 'plain' : threads ? 'threadedSimd' : 'simd'];
  const address = new URL(addresses[name]!, globalThis.document?.baseURI ?? globalThis.location.href);
  const found = await answerOf(address);
  if (found === undefined) return { available: true };
  return {
    available: false,
    reason:
      `${address.href} is no WebAssembly file (${found}); serve the .wasm files of @tensorflow/tfjs-backend-wasm there, or say ` +
      'where they are with tfjsWasmFrom.',
  };
}

/** What is at an address in place of a WebAssembly file; `undefined` when it is one. */
async function answerOf(address: URL): Promise<string | undefined> {
  try {
    const response = await fetch(address, { credentials: 'same-origin' });
    if (!response.ok) return `the server answers ${response.status}`;
    // Servers of applications of one page answer anything with that page.
    const [a, b, c, d] = new Uint8Array(await response.arrayBuffer());
    const isWasm = a === 0 && b === 0x61 && c === 0x73 && d === 0x6d;
    return isWasm
      ? undefined
      : `the server answers with ${response.headers.get('content-type') ?? 'something else'}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
