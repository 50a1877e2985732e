import { contractionKernels } from './contraction.ts';
import { creationKernels } from './creation.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { TracedKernel } from './kernel.ts';
import { reductionKernels } from './reductions.ts';
import { shapingKernels } from './shaping.ts';

/** Every tfjs kernel that can be recorded, by name. */
export const tracedKernels: ReadonlyMap<string, TracedKernel> = new Map(
  [
    ...elementwiseKernels,
    ...reductionKernels,
    ...shapingKernels,
    ...contractionKernels,
    ...creationKernels,
  ].map((kernel) => [kernel.name, kernel]),
);

/** Names of all tfjs kernels that `trace` records. */
export const tracedKernelNames: readonly string[] = [...tracedKernels.keys()];
