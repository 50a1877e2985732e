import type { GraphNode } from '@patchbert/tracer';
import type { OnnxAttribute, OnnxWriter } from '../model/onnx-writer.ts';
import type { OperatorForms } from './operator-forms.ts';

export interface LoweringContext {
  readonly node: GraphNode;
  readonly writer: OnnxWriter;
  readonly forms: OperatorForms;
  /** ONNX names of the node's inputs and outputs. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Writes the ONNX operators of one kind of graph node. */
export type Lowering = (context: LoweringContext) => void;

/** The lowering of a kernel that ONNX has under another name. */
export function renamed(
  type: string,
  attributes: (node: GraphNode) => Readonly<Record<string, OnnxAttribute>> = () => ({}),
): Lowering {
  return ({ node, writer, inputs, outputs }) =>
    writer.add({ type, inputs, outputs, attributes: attributes(node) });
}
