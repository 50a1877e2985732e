import type { BackendAdapter } from '@patchbert/backend';
import { tfjsWebgl } from './tfjs-webgl.ts';

/** Every adapter of this package, for programs that load backends by module name. */
export const adapters: readonly BackendAdapter[] = [tfjsWebgl];
