import { PatchBertError } from '@patchbert/errors';
import type { Graph, GraphNode } from '@patchbert/tracer';
import { kernels } from './kernels/index.ts';
import type { Compute } from './kernels/kernel.ts';
import { type Numbers, numbersOf } from './numbers.ts';

/** A graph that is ready to run: graph inputs by name in, graph outputs by name out. */
export type PreparedGraph = (inputs: ReadonlyMap<string, Numbers>) => ReadonlyMap<string, Numbers>;

/**
 * Prepares a traced graph for evaluation in double precision, node by node as it was recorded.
 *
 * @throws PatchBertError `backend/unsupported-kernel`.
 */
export function prepareGraph(graph: Graph): PreparedGraph {
  const constants = graph.constants.map((constant) => [constant.value.id, numbersOf(constant)] as const);
  const nodes = graph.nodes.map((node) => ({ node, compute: prepareNode(node) }));
  return (inputs) => {
    const values = new Map<number, Numbers>(constants);
    for (const [name, value] of graph.inputs) values.set(value.id, inputs.get(name)!);
    for (const { node, compute } of nodes) {
      const results = compute(node.inputs.map(({ id }) => values.get(id)!));
      node.outputs.forEach(({ id }, i) => {
        values.set(id, results[i]!);
      });
    }
    return new Map([...graph.outputs].map(([name, { id }]) => [name, values.get(id)!]));
  };
}

function prepareNode(node: GraphNode): Compute {
  const kernel = kernels.get(node.kernel);
  if (kernel === undefined) {
    throw new PatchBertError(
      'backend/unsupported-kernel',
      `compile: the float64 reference has no form of the tfjs kernel "${node.kernel}"; write the step with other ops.`,
    );
  }
  return kernel(node);
}
