import type { RewriteRule, Value } from '@patchbert/tracer';

/** A 2-D product followed by an addition becomes one `Gemm`, which adds while it multiplies. */
const productWithAddend: RewriteRule = (node, builder) => {
  if (node.kernel !== 'Add') return undefined;
  const output = node.outputs[0]!;
  for (const index of [0, 1]) {
    const product = builder.producer(node.inputs[index]!);
    const addend = node.inputs[1 - index] as Value;
    if (product?.kernel !== 'BatchMatMul' || product.inputs.some((input) => input.shape.length !== 2))
      continue;
    // Only a product that nothing else reads, and an addend that Gemm can broadcast to the product's shape.
    if (builder.uses(node.inputs[index]!) > 1 || output.shape.join() !== product.outputs[0]!.shape.join())
      continue;
    return [builder.emit('ProductWithAddend', [...product.inputs, addend], product.attributes, output)];
  }
  return undefined;
};

/** Rewrites that suit ONNX Runtime's operators. */
export const onnxRules: readonly RewriteRule[] = [productWithAddend];
