import type { GraphNode } from '@patchbert/tracer';
import type { OnnxWriter } from '../model/onnx-writer.ts';
import { elementwiseLowerings } from './elementwise.ts';
import type { Lowering } from './lowering.ts';
import type { OperatorForms } from './operator-forms.ts';
import { plainLowerings } from './plain.ts';
import { productLowerings } from './products.ts';
import { reductionLowerings } from './reductions.ts';
import { shapingLowerings } from './shaping.ts';
import { UnloweredKernelError } from './unlowered-kernel-error.ts';

const lowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.entries({
    ...elementwiseLowerings,
    ...reductionLowerings,
    ...shapingLowerings,
    ...productLowerings,
  }),
);

/**
 * Writes the ONNX operators of one graph node.
 *
 * @throws UnloweredKernelError naming the tfjs kernel when there are none.
 */
export function lowerNode(node: GraphNode, writer: OnnxWriter, forms: OperatorForms): void {
  const plain = plainLowerings[node.kernel];
  const lowering =
    plain !== undefined && forms.lacks.includes(plain.operator) ? plain.lowering : lowerings.get(node.kernel);
  if (lowering === undefined) {
    throw new UnloweredKernelError(node.kernel, `the tfjs kernel "${node.kernel}" has no ONNX form yet.`);
  }
  lowering({
    node,
    writer,
    forms,
    inputs: node.inputs.map((input) => writer.name(input)),
    outputs: node.outputs.map((output) => writer.name(output)),
  });
}
