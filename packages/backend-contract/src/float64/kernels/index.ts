import { contractionKernels } from './contraction.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { Kernel } from './kernel.ts';
import { reductionKernels } from './reductions.ts';
import { shapingKernels } from './shaping.ts';

/** Every kernel that the tracer records as a node, by name; those that create tensors become constants there. */
export const kernels: ReadonlyMap<string, Kernel> = new Map(
  Object.entries({ ...elementwiseKernels, ...reductionKernels, ...shapingKernels, ...contractionKernels }),
);
