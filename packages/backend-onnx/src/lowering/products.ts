import type { GraphNode } from '@patchbert/tracer';
import { type Lowering, MICROSOFT } from './lowering.ts';
import type { OnnxAttribute } from './onnx-writer.ts';

/** Matrix products and layer norm. */
export const productLowerings: Readonly<Record<string, Lowering>> = {
  BatchMatMul({ node, writer, inputs, outputs }) {
    const { transposeA, transposeB, scale } = node.attributes;
    const attributes = productAttributes(node);
    if (node.inputs.every((input) => input.shape.length === 2)) {
      writer.add({ type: 'Gemm', inputs, outputs, attributes });
    } else if (transposeA === true || transposeB === true || scale !== 1) {
      writer.add({ type: 'FusedMatMul', inputs, outputs, attributes, domain: MICROSOFT });
    } else {
      writer.add({ type: 'MatMul', inputs, outputs });
    }
  },
  ProductWithAddend: ({ node, writer, inputs, outputs }) =>
    writer.add({ type: 'Gemm', inputs, outputs, attributes: productAttributes(node) }),
  PatchbertLayerNorm({ node, writer, inputs, outputs }) {
    const attributes = { axis: -1, epsilon: { float: Number(node.attributes.epsilon) } };
    writer.add({ type: 'LayerNormalization', inputs, outputs, attributes });
  },
};

/** What `Gemm` and `FusedMatMul` call flags and scale. */
function productAttributes({ attributes }: GraphNode): Readonly<Record<string, OnnxAttribute>> {
  return {
    transA: attributes.transposeA === true,
    transB: attributes.transposeB === true,
    alpha: { float: Number(attributes.scale) },
  };
}
