/** What tfjs' WebGPU engine takes from the global scope; a page has them there, Node has not. */
const NEEDED_GLOBALS = ['GPUBuffer', 'GPUBufferUsage', 'GPUMapMode', 'GPUTexture', 'GPUTextureUsage'];

/** Kept in a variable, so that no bundler of a page follows the import. */
const DAWN = 'webgpu';

/** Dawn of this process. It must outlive its devices: collected earlier, it takes the process down with it. */
let loaded: GPU | undefined;

/**
 * Loads Dawn, Chromium's WebGPU, from the npm package `webgpu`, once, and makes the few names global that tfjs needs; names that
 * are there already stay.
 */
export async function loadDawn(): Promise<{ readonly gpu: GPU } | { readonly reason: string }> {
  try {
    const { create, globals }: typeof import('webgpu') = await import(
      /* @vite-ignore */ /* webpackIgnore: true */ DAWN
    );
    shareGlobals(globals as Readonly<Record<string, unknown>>);
    loaded ??= create([]);
    return { gpu: loaded };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function shareGlobals(offered: Readonly<Record<string, unknown>>): void {
  for (const name of NEEDED_GLOBALS) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value: offered[name], configurable: true, writable: true });
  }
}

function reasonOf(error: unknown): string {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return /Cannot find (package|module) 'webgpu'/.test(message)
    ? 'in Node it needs Dawn, which the npm package webgpu holds: npm install webgpu@0.6.2'
    : `the npm package webgpu does not load on this platform (${message})`;
}
