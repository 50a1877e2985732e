import { PatchBertError } from '@patchbert/errors';
import type { Attribute, Attributes, Constant, Graph, GraphNode, Value } from '@patchbert/tracer';

/** A graph as it was traced with one size of the batch. */
export interface TracedBatch {
  readonly graph: Graph;
  readonly batch: number;
}

/**
 * The graph for any size of the batch, from two that were traced with different sizes. What is equal in both is fixed; what
 * grows with the batch, `k` times as large, becomes the size `-k`.
 *
 * @throws PatchBertError `onnx/batch-not-open` when the graphs differ in anything else, as where the step counts with the size of
 * its batch. Whether the entries of a batch are computed each from itself alone is not looked at: a sum over the batch stays one.
 * @example
 * const open = openBatch({ graph: traced(1009), batch: 1009 }, { graph: traced(1013), batch: 1013 });
 */
export function openBatch(first: TracedBatch, second: TracedBatch): Graph {
  const open = new Map<number, Value>();
  const sizes = [first.batch, second.batch] as const;
  const openSize = (a: number, b: number): number => {
    if (a === b) return a;
    const times = (b - a) / (sizes[1] - sizes[0]);
    if (Number.isInteger(times) && times > 0 && a === times * sizes[0]) return -times;
    throw notOpen(`a size is ${a} for a batch of ${sizes[0]} and ${b} for one of ${sizes[1]}`);
  };
  const openShape = (a: readonly number[], b: readonly number[]) => {
    requireAlike(a.length === b.length, 'a tensor has another number of axes');
    return a.map((size, axis) => openSize(size, b[axis]!));
  };
  const openValue = (a: Value, b: Value): Value => {
    requireAlike(a.id === b.id && a.dtype === b.dtype, 'the steps compute other things');
    const known = open.get(a.id) ?? { ...a, shape: openShape(a.shape, b.shape) };
    open.set(a.id, known);
    return known;
  };
  const openAttribute = (a: Attribute, b: Attribute | undefined): Attribute => {
    if (isList(a) && isList(b)) return openShape(a, b);
    requireAlike(a === b, 'a setting of an operation is another');
    return a;
  };
  const openAttributes = (a: Attributes, b: Attributes): Attributes => {
    requireAlike(Object.keys(a).length === Object.keys(b).length, 'a setting of an operation is another');
    return Object.fromEntries(
      Object.entries(a).map(([name, value]) => [name, openAttribute(value, b[name])]),
    );
  };
  const openEntries = (a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>) =>
    new Map(
      [...a].map(([name, value]) => {
        const other = b.get(name);
        requireAlike(a.size === b.size && other !== undefined, 'inputs or outputs have other names');
        return [name, openValue(value, other)];
      }),
    );
  const openValues = (a: readonly Value[], b: readonly Value[]) => {
    requireAlike(a.length === b.length, 'the steps compute other things');
    return a.map((value, i) => openValue(value, b[i]!));
  };
  const openNode = (a: GraphNode, b: GraphNode): GraphNode => {
    requireAlike(a.kernel === b.kernel, `one computes ${a.kernel} where the other computes ${b.kernel}`);
    return {
      kernel: a.kernel,
      inputs: openValues(a.inputs, b.inputs),
      attributes: openAttributes(a.attributes, b.attributes),
      outputs: openValues(a.outputs, b.outputs),
    };
  };
  const openConstant = (a: Constant, b: Constant): Constant => {
    const value = openValue(a.value, b.value);
    if ('fill' in a && 'fill' in b && Object.is(a.fill, b.fill)) return { value, fill: a.fill };
    requireAlike('data' in a && 'data' in b && sameNumbers(a.data, b.data), 'a constant is another');
    return { ...a, value };
  };
  const [a, b] = [first.graph, second.graph];
  requireAlike(
    a.nodes.length === b.nodes.length && a.constants.length === b.constants.length,
    'the steps compute other things',
  );
  return {
    inputs: openEntries(a.inputs, b.inputs),
    constants: a.constants.map((constant, i) => openConstant(constant, b.constants[i]!)),
    nodes: a.nodes.map((node, i) => openNode(node, b.nodes[i]!)),
    outputs: openEntries(a.outputs, b.outputs),
  };
}

function isList(attribute: Attribute | undefined): attribute is readonly number[] {
  return Array.isArray(attribute);
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => Object.is(value, b[i]));
}

function requireAlike(alike: boolean, difference: string): asserts alike {
  if (!alike) throw notOpen(difference);
}

function notOpen(difference: string): PatchBertError {
  return new PatchBertError(
    'onnx/batch-not-open',
    `openBatch: the step cannot take a batch of any size, as ${difference} when the batch has another size. Let each entry of ` +
      'the batch be computed from itself alone, or export the step with a fixed size.',
  );
}
