/** Element types inside a graph: comparisons yield bool, which never leaves it. */
export type ValueType = 'float32' | 'int32' | 'bool';

export interface ValueSpec {
  readonly shape: readonly number[];
  readonly dtype: ValueType;
}

/** One tensor of the graph, produced exactly once (static single assignment). */
export interface Value extends ValueSpec {
  readonly id: number;
}

export type Attribute = number | boolean | string | readonly number[];
export type Attributes = Readonly<Record<string, Attribute>>;

/** One recorded tfjs kernel. */
export interface GraphNode {
  /** tfjs' kernel name, such as `BatchMatMul`. */
  readonly kernel: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/**
 * A constant of the graph: all values, or one value that fills the shape (which keeps the large `ones` of tfjs'
 * gradients cheap and lets the passes see through them).
 */
export type Constant =
  | { readonly value: Value; readonly fill: number }
  | { readonly value: Value; readonly data: Float32Array | Int32Array | Uint8Array };

/** A step as data: nodes in an order in which each comes after the nodes that feed it. */
export interface Graph {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly constants: readonly Constant[];
  readonly nodes: readonly GraphNode[];
  readonly outputs: ReadonlyMap<string, Value>;
}
