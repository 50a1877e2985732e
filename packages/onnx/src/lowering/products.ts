import type { GraphNode } from '@patchbert/tracer';
import { MICROSOFT } from '../model/model-file.ts';
import type { OnnxAttribute } from '../model/onnx-writer.ts';
import type { Lowering, LoweringContext } from './lowering.ts';
import { FUSED_PRODUCT } from './operator-forms.ts';

/** Matrix products and layer norm. */
export const productLowerings: Readonly<Record<string, Lowering>> = {
  BatchMatMul(context) {
    const { node, writer, inputs, outputs } = context;
    const { transposeA, transposeB, scale } = node.attributes;
    const attributes = productAttributes(node);
    if (node.inputs.every((input) => input.shape.length === 2)) {
      writer.add({ type: 'Gemm', inputs, outputs, attributes });
    } else if (transposeA !== true && transposeB !== true && scale === 1) {
      writer.add({ type: 'MatMul', inputs, outputs });
    } else if (!context.forms.lacks.includes(FUSED_PRODUCT)) {
      writer.add({ type: FUSED_PRODUCT, inputs, outputs, attributes, domain: MICROSOFT });
    } else {
      addPlainProduct(context);
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

/** A product of any rank where `FusedMatMul` is not to be had. */
function addPlainProduct({ node, writer, inputs, outputs }: LoweringContext): void {
  const { transposeA, transposeB, scale } = node.attributes;
  const transposed = (index: 0 | 1, flag: boolean): string => {
    if (!flag) return inputs[index]!;
    const axes = node.inputs[index]!.shape.map((_, axis) => axis);
    return writer.compute('Transpose', [inputs[index]!], {
      perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!],
    });
  };
  const operands = [transposed(0, transposeA === true), transposed(1, transposeB === true)];
  if (scale === 1) {
    writer.add({ type: 'MatMul', inputs: operands, outputs });
    return;
  }
  const product = writer.compute('MatMul', operands);
  writer.add({ type: 'Mul', inputs: [product, writer.float(Number(scale))], outputs });
}
