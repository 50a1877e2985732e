import { PatchBertError } from '@patchbert/errors';
import type { GraphNode } from '@patchbert/tracer';
import { elementwiseLowerings } from './elementwise.ts';
import type { Lowering } from './lowering.ts';
import type { OnnxWriter } from './onnx-writer.ts';
import { productLowerings } from './products.ts';
import { reductionLowerings } from './reductions.ts';
import { shapingLowerings } from './shaping.ts';

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
 * @throws PatchBertError `backend/unsupported-kernel` naming the tfjs kernel when there are none.
 */
export function lowerNode(node: GraphNode, writer: OnnxWriter): void {
  const lowering = lowerings.get(node.kernel);
  if (lowering === undefined) {
    throw new PatchBertError(
      'backend/unsupported-kernel',
      `compile: the tfjs kernel "${node.kernel}" has no ONNX form yet. Write the step with other ops, or choose an eager backend.`,
    );
  }
  lowering({
    node,
    writer,
    inputs: node.inputs.map((input) => writer.name(input)),
    outputs: node.outputs.map((output) => writer.name(output)),
  });
}
