import type { GraphNode } from '@patchbert/tracer';
import type { Numbers } from '../numbers.ts';

/** What a node computes: one array per output. Arrays are never changed once made, so an output may be an input. */
export type Compute = (inputs: readonly Numbers[]) => readonly Numbers[];

/** Prepares a node of the graph: all that depends on shapes and attributes alone is worked out once. */
export type Kernel = (node: GraphNode) => Compute;

export type Kernels = Readonly<Record<string, Kernel>>;
