import {
  checkStepResult,
  checkTrains,
  type Signature,
  type Step,
  unsupportedKernel,
} from '@patchbert/backend';
import { type Graph, trace, UntraceableKernelError } from '@patchbert/tracer';
import { lowerGraph, outputName, prepareGraph } from '../lowering/lower-graph.ts';
import { UnloweredKernelError } from '../lowering/unlowered-kernel-error.ts';
import type { OnnxEngine } from './onnx-engine.ts';

/** A step as an ONNX model. */
export interface CompiledStep {
  readonly graph: Graph;
  readonly model: Uint8Array;
  /** The names of the state entries that the step changes. */
  readonly changed: ReadonlySet<string>;
  /** Names of the model's outputs that become the next state. */
  readonly stateOutputs: readonly string[];
}

/**
 * Traces a step and lowers it.
 *
 * @throws PatchBertError `backend/unsupported-kernel`, `backend/cannot-train`, `backend/bad-step`.
 */
export function compileStep(step: Step, signature: Signature, engine: OnnxEngine): CompiledStep {
  try {
    const { graph, changed } = traceStep(step, signature, engine);
    const stateOutputs = [...changed].map((name) => outputName(`state:${name}`));
    return { graph, model: lowerGraph(graph, engine.forms), changed, stateOutputs };
  } catch (error) {
    if (error instanceof UntraceableKernelError) {
      const problem = `backend "${engine.name}" cannot trace the tfjs kernel "${error.kernel}" that the step uses.`;
      throw unsupportedKernel(problem, error.kernel, { cause: error });
    }
    if (error instanceof UnloweredKernelError) {
      throw unsupportedKernel(`backend "${engine.name}": ${error.message}`, error.kernel, { cause: error });
    }
    throw error;
  }
}

function traceStep(
  step: Step,
  signature: Signature,
  engine: OnnxEngine,
): { graph: Graph; changed: Set<string> } {
  let changed = new Set<string>();
  const graph = trace(
    ({ state, batch }) => {
      const result = step(state!, batch!);
      checkStepResult(result, signature);
      changed = new Set(Object.keys(result.state));
      checkTrains(engine, [...changed]);
      return { state: result.state, output: result.outputs };
    },
    { state: signature.state, batch: signature.batch },
    { unfused: engine.forms.unfused },
  );
  return { graph: prepareGraph(graph), changed };
}
