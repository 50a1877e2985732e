import type { BackendAdapter } from '@patchbert/backend';
import { tfjsWebgpu } from './tfjs-webgpu.ts';

/** Every adapter of this package, for programs that load backends by module name. */
export const adapters: readonly BackendAdapter[] = [tfjsWebgpu];
