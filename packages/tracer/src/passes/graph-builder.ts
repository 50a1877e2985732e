import type { Attributes, Constant, Graph, GraphNode, Value, ValueSpec } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';

/**
 * Rewrites one node: returns values that replace its outputs, or undefined to leave it. A rule builds with `emit`,
 * `fill` and `reshape`, so what it returns is simplified in turn.
 */
export type RewriteRule = (node: GraphNode, builder: GraphBuilder) => readonly Value[] | undefined;

/** Builds a new graph out of an old one while rules rewrite it and equal nodes merge. */
export interface GraphBuilder {
  /** Adds a node with one output, after the rules and the merging of equal nodes. */
  emit(kernel: string, inputs: readonly Value[], attributes: Attributes, output: ValueSpec): Value;
  /** A constant filled with one number. */
  fill(spec: ValueSpec, value: number): Value;
  /** `x` in another shape of the same size. */
  reshape(x: Value, shape: readonly number[]): Value;
  /** The node that produces a value; undefined for inputs and constants. */
  producer(value: Value): GraphNode | undefined;
  /** The number a constant is filled with; undefined for anything else. */
  fillOf(value: Value): number | undefined;
  /** How many nodes and graph outputs of the old graph read this value. */
  uses(value: Value): number;
}

/** Applies the rules to every node in order, merges equal nodes, and drops what nothing reads. */
export function rewriteGraph(graph: Graph, rules: readonly RewriteRule[]): Graph {
  const nodes: GraphNode[] = [];
  const constants: Constant[] = [...graph.constants];
  const fills = new Map<number, number>();
  const fillKeys = new Map<string, Value>();
  const producers = new Map<number, GraphNode>();
  const merged = new Map<string, readonly Value[]>();
  const replacements = new Map<number, Value>();
  const uses = new Map<number, number>();
  const oldUses = countUses(graph);
  let nextId = largestId(graph) + 1;

  const replace = (old: Value, value: Value): void => {
    replacements.set(old.id, value);
    uses.set(value.id, (uses.get(value.id) ?? 0) + (oldUses.get(old.id) ?? 0));
  };
  for (const constant of graph.constants) {
    if (!('fill' in constant)) continue;
    const key = fillKey(constant.value, constant.fill);
    const known = fillKeys.get(key);
    if (known === undefined) {
      fillKeys.set(key, constant.value);
      fills.set(constant.value.id, constant.fill);
    } else {
      replace(constant.value, known);
    }
  }

  const builder: GraphBuilder = {
    emit: (kernel, inputs, attributes, output) => emitNode(kernel, inputs, attributes, [output])[0]!,
    fill(spec, value) {
      const key = fillKey(spec, value);
      const known = fillKeys.get(key);
      if (known !== undefined) return known;
      const constant = newValue(spec);
      constants.push({ value: constant, fill: value });
      fillKeys.set(key, constant);
      fills.set(constant.id, value);
      return constant;
    },
    reshape: (x, shape) => builder.emit('Reshape', [x], { shape: [...shape] }, { shape, dtype: x.dtype }),
    producer: (value) => producers.get(value.id),
    fillOf: (value) => fills.get(value.id),
    uses: (value) => uses.get(value.id) ?? 0,
  };

  function newValue(spec: ValueSpec): Value {
    return { id: nextId++, shape: spec.shape, dtype: spec.dtype };
  }

  function emitNode(
    kernel: string,
    inputs: readonly Value[],
    attributes: Attributes,
    outputs: readonly ValueSpec[],
  ): readonly Value[] {
    const key = nodeKey(kernel, inputs, attributes);
    const known = merged.get(key);
    if (known !== undefined) return known;
    const node: GraphNode = { kernel, inputs, attributes, outputs: outputs.map(newValue) };
    for (const rule of rules) {
      const results = rule(node, builder);
      if (results !== undefined) {
        merged.set(key, results);
        return results;
      }
    }
    nodes.push(node);
    for (const output of node.outputs) producers.set(output.id, node);
    merged.set(key, node.outputs);
    return node.outputs;
  }

  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => replacements.get(input.id) ?? input);
    const results = emitNode(node.kernel, inputs, node.attributes, node.outputs);
    node.outputs.forEach((old, index) => {
      replace(old, results[index]!);
    });
  }
  const outputs = new Map(
    [...graph.outputs].map(([name, value]) => [name, replacements.get(value.id) ?? value]),
  );
  return removeDeadNodes({ inputs: graph.inputs, constants, nodes, outputs });
}

/** Drops nodes and constants that no output depends on. */
export function removeDeadNodes(graph: Graph): Graph {
  const live = new Set([...graph.outputs.values()].map((value) => value.id));
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => live.has(output.id))) continue;
    nodes.push(node);
    for (const input of node.inputs) live.add(input.id);
  }
  const constants = graph.constants.filter((constant) => live.has(constant.value.id));
  return { ...graph, constants, nodes: nodes.reverse() };
}

function countUses(graph: Graph): Map<number, number> {
  const uses = new Map<number, number>();
  const read = (value: Value) => uses.set(value.id, (uses.get(value.id) ?? 0) + 1);
  for (const node of graph.nodes) node.inputs.forEach(read);
  for (const value of graph.outputs.values()) read(value);
  return uses;
}

function largestId(graph: Graph): number {
  let largest = 0;
  const see = (value: Value) => {
    largest = Math.max(largest, value.id);
  };
  for (const value of graph.inputs.values()) see(value);
  for (const constant of graph.constants) see(constant.value);
  for (const node of graph.nodes) node.outputs.forEach(see);
  return largest;
}

function nodeKey(kernel: string, inputs: readonly Value[], attributes: Attributes): string {
  const pairs = Object.keys(attributes)
    .sort()
    .map((name) => `${name}=${attributes[name]}`);
  return `${kernel}(${inputs.map((input) => input.id)})${pairs.join(';')}`;
}

function fillKey(spec: ValueSpec, value: number): string {
  return `${spec.dtype}[${spec.shape}]${Object.is(value, -0) ? '-0' : value}#${sizeOf(spec.shape)}`;
}
