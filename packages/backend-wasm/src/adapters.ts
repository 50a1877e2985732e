import type { BackendAdapter } from '@patchbert/backend';
import { tfjsWasm } from './tfjs-wasm.ts';

/** Every adapter of this package, for programs that load backends by module name. */
export const adapters: readonly BackendAdapter[] = [tfjsWasm];
