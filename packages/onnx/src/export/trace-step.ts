import { checkStepResult, type Signature, type Step, unsupportedKernel } from '@patchbert/backend';
import { type Graph, trace, UntraceableKernelError } from '@patchbert/tracer';
import { prepareGraph } from '../lowering/lower-graph.ts';
import type { OperatorForms } from '../lowering/operator-forms.ts';

/** A step as a graph that is ready to be lowered. Inputs are `state:<name>` and `batch:<name>`, outputs `state:<name>` and `output:<name>`. */
export interface TracedStep {
  readonly graph: Graph;
  /** Names of the state entries that the step changes. */
  readonly changed: readonly string[];
}

/**
 * Traces a step and simplifies what it computes.
 *
 * @param name of the backend or the export, for messages.
 * @throws PatchBertError `backend/unsupported-kernel`, `backend/bad-step`.
 */
export function traceStep(step: Step, signature: Signature, forms: OperatorForms, name: string): TracedStep {
  let changed: readonly string[] = [];
  try {
    const graph = trace(
      ({ state, batch }) => {
        const result = step(state!, batch!);
        checkStepResult(result, signature);
        changed = Object.keys(result.state);
        return { state: result.state, output: result.outputs };
      },
      { state: signature.state, batch: signature.batch },
      { unfused: forms.unfused },
    );
    return { graph: prepareGraph(graph), changed };
  } catch (error) {
    if (!(error instanceof UntraceableKernelError)) throw error;
    const problem = `${name} cannot trace the tfjs kernel "${error.kernel}" that the step uses.`;
    throw unsupportedKernel(problem, error.kernel, { cause: error });
  }
}
