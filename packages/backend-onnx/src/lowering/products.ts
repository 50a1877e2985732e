import { type Lowering, MICROSOFT } from './lowering.ts';

/** Matrix products and layer norm. */
export const productLowerings: Readonly<Record<string, Lowering>> = {
  BatchMatMul({ node, writer, inputs, outputs }) {
    const { transposeA, transposeB, scale } = node.attributes;
    if (node.inputs.every((input) => input.shape.length === 2)) {
      const attributes = {
        transA: transposeA === true,
        transB: transposeB === true,
        alpha: { float: Number(scale) },
      };
      writer.add({ type: 'Gemm', inputs, outputs, attributes });
    } else if (transposeA === true || transposeB === true || scale !== 1) {
      const attributes = {
        transA: transposeA === true,
        transB: transposeB === true,
        alpha: { float: Number(scale) },
      };
      writer.add({ type: 'FusedMatMul', inputs, outputs, attributes, domain: MICROSOFT });
    } else {
      writer.add({ type: 'MatMul', inputs, outputs });
    }
  },
  ProductWithAddend({ node, writer, inputs, outputs }) {
    const { transposeA, transposeB, scale } = node.attributes;
    const attributes = {
      transA: transposeA === true,
      transB: transposeB === true,
      alpha: { float: Number(scale) },
    };
    writer.add({ type: 'Gemm', inputs, outputs, attributes });
  },
  PatchbertLayerNorm({ node, writer, inputs, outputs }) {
    const attributes = { axis: -1, epsilon: { float: Number(node.attributes.epsilon) } };
    writer.add({ type: 'LayerNormalization', inputs, outputs, attributes });
  },
};
