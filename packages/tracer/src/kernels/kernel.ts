import type { Attributes, ValueSpec } from '../graph/graph.ts';

/** Attributes as tfjs hands them to a kernel. */
export type TfjsAttributes = Readonly<Record<string, unknown>>;

/**
 * What the tracer must know of a tfjs kernel: the order of its inputs, and the shapes of its outputs.
 * `inputs: 'list'` takes any number of tensors in their order (`Concat`, `AddN`).
 */
export interface TracedKernel {
  readonly name: string;
  readonly inputs: readonly string[] | 'list';
  /** Output specs and the attributes worth keeping, with axes resolved and defaults filled in. */
  infer(inputs: readonly ValueSpec[], attributes: TfjsAttributes): Inferred;
}

export interface Inferred {
  readonly outputs: readonly ValueSpec[];
  readonly attributes?: Attributes;
}

/** A kernel result with one output. */
export function single(
  shape: readonly number[],
  dtype: ValueSpec['dtype'],
  attributes?: Attributes,
): Inferred {
  const outputs = [{ shape, dtype }];
  return attributes === undefined ? { outputs } : { outputs, attributes };
}
