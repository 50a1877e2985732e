import { unsupportedKernel } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { lowerGraph } from '@patchbert/onnx';
import type { Graph, GraphNode, Value } from '@patchbert/tracer';
import type { CompiledStep } from './compile-step.ts';
import type { OnnxEngine, OnnxSession } from './onnx-engine.ts';
import { plainReason } from './plain-reason.ts';

/**
 * Opens the session of a compiled step.
 *
 * @throws PatchBertError `backend/unsupported-kernel` naming a kernel that the provider does not run itself.
 */
export async function openSession(compiled: CompiledStep, engine: OnnxEngine): Promise<OnnxSession> {
  try {
    return await engine.runtime.createSession(compiled.model, compiled.stateOutputs);
  } catch (error) {
    engine.noteError?.(error);
    if (engine.deviceLost?.() !== undefined) throw error;
    throw (await refusedKernel(compiled.graph, engine, error)) ?? refusedStep(engine, error);
  }
}

/** Tries the nodes one by one: ONNX Runtime says that it refuses a model, not because of what. */
async function refusedKernel(
  graph: Graph,
  engine: OnnxEngine,
  cause: unknown,
): Promise<PatchBertError | undefined> {
  const tried = new Set<string>();
  for (const node of graph.nodes) {
    const key = JSON.stringify([node.kernel, node.attributes, node.inputs.map(describe)]);
    if (tried.has(key)) continue;
    tried.add(key);
    try {
      const session = await engine.runtime.createSession(
        lowerGraph(alone(node, graph), { forms: engine.forms }),
        [],
      );
      await session.release();
    } catch {
      const kernel = node.kernel === 'ProductWithAddend' ? 'BatchMatMul' : node.kernel;
      const problem =
        `backend "${engine.name}" (${engine.capabilities.engine}) does not run the tfjs kernel "${kernel}" of ` +
        `${node.inputs.map(describe).join(' and ') || 'no inputs'}, and leaves nothing to the processor in silence.`;
      return unsupportedKernel(problem, kernel, { cause });
    }
  }
  return undefined;
}

/** The graph of one node, with the constants it reads. */
function alone(node: GraphNode, { constants }: Graph): Graph {
  const read = constants.filter(({ value }) => node.inputs.some(({ id }) => id === value.id));
  const inputs = node.inputs.filter(({ id }) => !read.some(({ value }) => value.id === id));
  return {
    inputs: new Map(inputs.map((value) => [`${value.id}`, value])),
    constants: read,
    nodes: [node],
    outputs: new Map(node.outputs.map((value) => [`${value.id}`, value])),
  };
}

function describe({ dtype, shape }: Value): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function refusedStep(engine: OnnxEngine, cause: unknown): PatchBertError {
  return new PatchBertError(
    'backend/unsupported-kernel',
    `compile: backend "${engine.name}" (${engine.capabilities.engine}) refuses the step as a whole: ${plainReason(cause)}`,
    { cause },
  );
}
