import type { RewriteRule } from './graph-builder.ts';

const unaryArithmetic: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Rsqrt: (x) => 1 / Math.sqrt(x),
  Sqrt: Math.sqrt,
  Square: (x) => x * x,
};

const binaryArithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Maximum: Math.max,
  Minimum: Math.min,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Sub: (a, b) => a - b,
};

/** Computes nodes whose inputs are all constants filled with one number (in float32, as the device would). */
export const foldFills: RewriteRule = (node, builder) => {
  const output = node.outputs[0]!;
  if (output.dtype !== 'float32') return undefined;
  const fills = node.inputs.map((input) => builder.fillOf(input));
  if (fills.length === 0 || fills.some((fill) => fill === undefined)) return undefined;
  const [a, b] = fills as number[];
  if (Object.hasOwn(unaryArithmetic, node.kernel)) {
    return [builder.fill(output, Math.fround(unaryArithmetic[node.kernel]!(a!)))];
  }
  if (Object.hasOwn(binaryArithmetic, node.kernel)) {
    return [builder.fill(output, Math.fround(binaryArithmetic[node.kernel]!(a!, b!)))];
  }
  if (['BroadcastTo', 'Cast', 'Transpose', 'Tile'].includes(node.kernel)) return [builder.fill(output, a!)];
  return undefined;
};
