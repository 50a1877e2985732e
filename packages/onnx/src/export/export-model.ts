import { ensureGradients, type Signature, type Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors, TensorSpec } from '@patchbert/ops';
import type { Graph } from '@patchbert/tracer';
import { openBatch } from '../batch/open-batch.ts';
import type { LoweringNames } from '../lowering/lower-graph.ts';
import { standardForms } from '../lowering/operator-forms.ts';
import { GENERATED } from '../model/onnx-writer.ts';
import { type ExportedModel, lowerExported } from './exported-model.ts';
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
 * @throws PatchBertError `onnx/batch-not-open` when the step counts with the size of its batch, `onnx/no-batch`, `onnx/changes-state`
 * when it changes its state (`exportTrainingStep` is for those), `onnx/same-name`, `backend/unsupported-kernel`.
 * @example
 * const { file } = await exportModel({
 *   step: (state, { x }) => ({ state: {}, outputs: { y: tf.add(tf.matMul(x, state.weight), 1) } }),
 *   state: { weight: float32Tensor(new Float32Array(6), [3, 2]) },
 *   inputs: (batch) => ({ x: { shape: [batch, 3], dtype: 'float32' } }),
 * });
 */
export async function exportModel({
  step,
  state,
  inputs,
  metadata = {},
  name = 'model',
}: ExportModelOptions): Promise<ExportedModel> {
  await ensureGradients();
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
  return lowerExported(graph, 'exportModel', {
    forms: standardForms,
    names: requireDistinct(graph, { input: plainName, output: plainName }),
    constants: new Map(Object.entries(state).map(([name, tensor]) => [`state:${name}`, tensor])),
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

/** `batch:x` is called `x`. */
function plainName(entry: string): string {
  return entry.slice(entry.indexOf(':') + 1);
}

function requireDistinct(graph: Graph, names: LoweringNames): LoweringNames {
  const all = [...[...graph.inputs.keys()].map(names.input), ...[...graph.outputs.keys()].map(names.output)];
  const reserved = all.find((name) => name.startsWith(GENERATED));
  if (reserved !== undefined) {
    throw new PatchBertError(
      'onnx/same-name',
      `exportModel: "${reserved}" begins with "${GENERATED}", as the names inside a model do; call it something else.`,
    );
  }
  const twice = all.find((name, i) => all.indexOf(name) !== i);
  if (twice === undefined) return names;
  throw new PatchBertError(
    'onnx/same-name',
    `exportModel: "${twice}" is the name of two of the step's inputs, outputs and weights; call one of them something else.`,
  );
}
