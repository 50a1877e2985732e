import { unsupportedKernel } from '@patchbert/backend';
import type { Graph, Value } from '@patchbert/tracer';
import { type LoweringOptions, lowerGraph } from '../lowering/lower-graph.ts';
import { UnloweredKernelError } from '../lowering/unlowered-kernel-error.ts';
import { sizeText } from '../model/model-file.ts';

/** An input or output of an exported model. */
export interface ModelTensor {
  readonly name: string;
  readonly dtype: string;
  /** `batch`, or so many times the batch, for a size that is open. */
  readonly shape: readonly (number | string)[];
}

/** An ONNX file, and what it says of itself. */
export interface ExportedModel {
  readonly file: Uint8Array;
  readonly inputs: readonly ModelTensor[];
  readonly outputs: readonly ModelTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Lowers a graph and describes the result.
 *
 * @param what the function that exports, for messages.
 * @throws PatchBertError `backend/unsupported-kernel`.
 */
export function lowerExported(
  graph: Graph,
  what: string,
  options: LoweringOptions & Required<Pick<LoweringOptions, 'names' | 'facts'>>,
): ExportedModel {
  const { names, constants, facts } = options;
  const tensors = (entries: ReadonlyMap<string, Value>, nameOf: (name: string) => string): ModelTensor[] =>
    [...entries].flatMap(([name, { dtype, shape }]) =>
      constants?.has(name) ? [] : [{ name: nameOf(name), dtype, shape: shape.map(sizeText) }],
    );
  try {
    return {
      file: lowerGraph(graph, options),
      inputs: tensors(graph.inputs, names.input),
      outputs: tensors(graph.outputs, names.output),
      metadata: facts.metadata,
    };
  } catch (error) {
    if (!(error instanceof UnloweredKernelError)) throw error;
    throw unsupportedKernel(`${what}: ${error.message}`, error.kernel, { cause: error });
  }
}
