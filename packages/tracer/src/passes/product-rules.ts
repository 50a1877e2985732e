import type { Attributes } from '../graph/graph.ts';
import { sameShape } from '../graph/shapes.ts';
import type { RewriteRule } from './graph-builder.ts';
import { isNormalFloat32 } from './normal-float32.ts';

/** A transpose of the last two axes before a matrix product becomes a flag of the product. */
const absorbTranspose: RewriteRule = (node, builder) => {
  if (node.kernel !== 'BatchMatMul') return undefined;
  for (const index of [0, 1]) {
    const source = builder.producer(node.inputs[index]!);
    if (source?.kernel !== 'Transpose' || !swapsLastTwo(source.attributes.permutation as readonly number[]))
      continue;
    const inputs = node.inputs.map((input, at) => (at === index ? source.inputs[0]! : input));
    const flag = index === 0 ? 'transposeA' : 'transposeB';
    const attributes = { ...node.attributes, [flag]: node.attributes[flag] !== true };
    return [builder.emit('BatchMatMul', inputs, attributes, node.outputs[0]!)];
  }
  return undefined;
};

/** A factor before or after a matrix product becomes its `scale`. */
const absorbScale: RewriteRule = (node, builder) => {
  if (node.kernel === 'Multiply') {
    const factor = builder.fillOf(node.inputs[1]!);
    const product = builder.producer(node.inputs[0]!);
    // Only a product that nothing else reads: a second reader would compute it twice.
    if (factor === undefined || product?.kernel !== 'BatchMatMul' || builder.uses(node.inputs[0]!) > 1)
      return undefined;
    if (!sameShape(node.inputs[0]!.shape, node.outputs[0]!.shape)) return undefined;
    const attributes = scaled(product.attributes, factor);
    return attributes && [builder.emit('BatchMatMul', product.inputs, attributes, node.outputs[0]!)];
  }
  if (node.kernel !== 'BatchMatMul') return undefined;
  for (const index of [0, 1]) {
    const source = builder.producer(node.inputs[index]!);
    const factor = source?.kernel === 'Multiply' ? builder.fillOf(source.inputs[1]!) : undefined;
    if (source === undefined || factor === undefined) continue;
    if (!sameShape(source.inputs[0]!.shape, node.inputs[index]!.shape)) continue;
    const attributes = scaled(node.attributes, factor);
    if (attributes === undefined) continue;
    const inputs = node.inputs.map((input, at) => (at === index ? source.inputs[0]! : input));
    return [builder.emit('BatchMatMul', inputs, attributes, node.outputs[0]!)];
  }
  return undefined;
};

/** The attributes of a product with one more factor; undefined when the scale would not be a normal float32. */
function scaled(attributes: Attributes, factor: number): Attributes | undefined {
  const scale = Number(attributes.scale) * factor;
  return isNormalFloat32(scale) ? { ...attributes, scale } : undefined;
}

function swapsLastTwo(permutation: readonly number[]): boolean {
  const rank = permutation.length;
  return permutation.every((axis, index) => {
    if (index === rank - 1) return axis === rank - 2;
    return index === rank - 2 ? axis === rank - 1 : axis === index;
  });
}

/** Rules that move transposes and factors into matrix products. */
export const productRules: readonly RewriteRule[] = [absorbTranspose, absorbScale];
