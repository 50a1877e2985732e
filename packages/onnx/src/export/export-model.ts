import { type Signature, type Step, unsupportedKernel } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensor, HostTensors, TensorSpec } from '@patchbert/ops';
import type { Graph } from '@patchbert/tracer';
import { openBatch } from '../batch/open-batch.ts';
import { type LoweringNames, type LoweringOptions, lowerGraph } from '../lowering/lower-graph.ts';
import { standardForms } from '../lowering/operator-forms.ts';
import { UnloweredKernelError } from '../lowering/unlowered-kernel-error.ts';
import { traceStep } from './trace-step.ts';

/** Sizes of the batch that no other axis of a model is likely to have: primes. */
const TRIED_BATCHES = [1009, 1013] as const;

export interface ExportModelOptions {
  /** A step that changes no state, such as a forecast. */
  readonly step: Step;
  /** Its state, which becomes part of the model. */
  readonly state: HostTensors;
  /** Shapes and types of its inputs for a batch of some size. */
  readonly inputs: (batch: number) => Readonly<Record<string, TensorSpec>>;
  /** Text for whoever opens the model, by key. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Name of the model. Default `model`. */
  readonly name?: string;
}

/**
 * A step and its weights as one ONNX file of standard operators (opset 18). Inputs and outputs have the names that the step gives
 * them, weights those of the state, and every axis that follows the batch has the length `batch`, whatever it is.
 *
 * @throws PatchBertError `onnx/batch-not-open` when outputs depend on the batch as a whole, `onnx/changes-state` when the step
 * does (`exportTrainingStep` is for those), `onnx/same-name`, `backend/unsupported-kernel`.
 * @example
 * const file = exportModel({
 *   step: (state, { x }) => ({ state: {}, outputs: { y: tf.add(tf.matMul(x, state.weight), 1) } }),
 *   state: { weight: float32Tensor(new Float32Array(6), [3, 2]) },
 *   inputs: (batch) => ({ x: { shape: [batch, 3], dtype: 'float32' } }),
 * });
 */
export function exportModel({
  step,
  state,
  inputs,
  metadata = {},
  name = 'model',
}: ExportModelOptions): Uint8Array {
  const [first, second] = TRIED_BATCHES.map((batch) => {
    const { graph, changed } = traceStep(
      step,
      signatureOf(state, inputs(batch)),
      standardForms,
      'exportModel',
    );
    if (changed.length > 0) {
      throw new PatchBertError(
        'onnx/changes-state',
        `exportModel: the step changes "${changed[0]}", and a model for predicting keeps its weights; use exportTrainingStep.`,
      );
    }
    return { graph, batch };
  });
  const graph = openBatch(first!, second!);
  return lower(graph, 'exportModel', {
    forms: standardForms,
    names: requireDistinct(graph, { input: plainName, output: plainName }),
    constants: stateTensors(state),
    facts: { name, metadata },
  });
}

export interface ExportTrainingStepOptions {
  readonly step: Step;
  /** The state to begin with; it is in the file, and each entry can be given as an input instead. */
  readonly state: HostTensors;
  readonly batch: Readonly<Record<string, TensorSpec>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default `training-step`. */
  readonly name?: string;
}

/**
 * A whole training step - forward, backward, optimiser - as one ONNX file, of the batch size of `batch`. Inputs are `state:<name>`
 * and `batch:<name>`, outputs `next:<name>`, what to give as `state:<name>` the next time, and `output:<name>`. Entries of the state
 * that are not given are those of the file.
 *
 * @throws PatchBertError `backend/unsupported-kernel`, `backend/bad-step`.
 * @example
 * const file = exportTrainingStep({ step: trainingStep(objective, optimiser), state, batch: signature.batch });
 */
export function exportTrainingStep(options: ExportTrainingStepOptions): Uint8Array {
  const { step, state, batch, metadata = {}, name = 'training-step' } = options;
  const { graph } = traceStep(step, signatureOf(state, batch), standardForms, 'exportTrainingStep');
  return lower(graph, 'exportTrainingStep', {
    forms: standardForms,
    names: { input: (entry) => entry, output: (entry) => entry.replace(/^state:/, 'next:') },
    defaults: stateTensors(state),
    facts: { name, metadata },
  });
}

function signatureOf(state: HostTensors, batch: Signature['batch']): Signature {
  return {
    state: Object.fromEntries(
      Object.entries(state).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
    ),
    batch,
  };
}

function stateTensors(state: HostTensors): ReadonlyMap<string, HostTensor> {
  return new Map(Object.entries(state).map(([name, tensor]) => [`state:${name}`, tensor]));
}

function lower(graph: Graph, what: string, options: LoweringOptions): Uint8Array {
  try {
    return lowerGraph(graph, options);
  } catch (error) {
    if (!(error instanceof UnloweredKernelError)) throw error;
    throw unsupportedKernel(`${what}: ${error.message}`, error.kernel, { cause: error });
  }
}

/** `batch:x` is called `x`. */
function plainName(entry: string): string {
  return entry.slice(entry.indexOf(':') + 1);
}

function requireDistinct(graph: Graph, names: LoweringNames): LoweringNames {
  const all = [...[...graph.inputs.keys()].map(names.input), ...[...graph.outputs.keys()].map(names.output)];
  const twice = all.find((name, i) => all.indexOf(name) !== i);
  if (twice === undefined) return names;
  throw new PatchBertError(
    'onnx/same-name',
    `exportModel: "${twice}" is the name of two of the step's inputs, outputs and weights; call one of them something else.`,
  );
}
