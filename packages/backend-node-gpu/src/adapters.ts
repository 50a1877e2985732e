import type { BackendAdapter } from '@patchbert/backend';
import { tfjsNodeCpu } from './tfjs-node-cpu.ts';
import { tfjsNodeGpu } from './tfjs-node-gpu.ts';

/** The backends of this package. */
export const adapters: readonly BackendAdapter[] = [tfjsNodeGpu, tfjsNodeCpu];
