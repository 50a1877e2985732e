import { checkTrains, type Signature, type Step, unsupportedKernel } from '@patchbert/backend';
import { lowerGraph, stepNames, traceStep, UnloweredKernelError } from '@patchbert/onnx';
import type { Graph } from '@patchbert/tracer';
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
  const name = `backend "${engine.name}"`;
  const { graph, changed } = traceStep(step, signature, engine.forms, name);
  checkTrains(engine, changed);
  const stateOutputs = changed.map((entry) => stepNames.output(`state:${entry}`));
  try {
    const model = lowerGraph(graph, { forms: engine.forms });
    return { graph, model, changed: new Set(changed), stateOutputs };
  } catch (error) {
    if (!(error instanceof UnloweredKernelError)) throw error;
    throw unsupportedKernel(`${name}: ${error.message}`, error.kernel, { cause: error });
  }
}
