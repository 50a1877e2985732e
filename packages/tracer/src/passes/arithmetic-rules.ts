import type { Value } from '../graph/graph.ts';
import { sameShape, sizeOf } from '../graph/shapes.ts';
import type { GraphBuilder, RewriteRule } from './graph-builder.ts';
import { isNormalFloat32 } from './normal-float32.ts';

const binaryKernels = new Set([
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference'],
  ...['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'],
]);
const commutative = new Set(['Add', 'Multiply']);

/** Constants move to the right, so that the rules below look there only. */
const constantsLast: RewriteRule = (node, builder) => {
  if (!commutative.has(node.kernel)) return undefined;
  const [a, b] = node.inputs as [Value, Value];
  if (builder.fillOf(a) === undefined || builder.fillOf(b) !== undefined) return undefined;
  return [builder.emit(node.kernel, [b, a], {}, node.outputs[0]!)];
};

/** `x * 1`, `x / 1`, `x + 0`, `x - 0`: what is left is the broadcast. */
const dropNeutral: RewriteRule = (node, builder) => {
  const neutral = { Multiply: 1, RealDiv: 1, Add: 0, Sub: 0 }[node.kernel];
  if (neutral === undefined || builder.fillOf(node.inputs[1]!) !== neutral) return undefined;
  return [broadcast(builder, node.inputs[0]!, node.outputs[0]!.shape)];
};

/** A filled constant enters element-wise nodes as a scalar where the other side, no such constant, has the full shape. */
const shrinkFill: RewriteRule = (node, builder) => {
  if (!binaryKernels.has(node.kernel)) return undefined;
  const inputs = node.inputs.map((input, index) => {
    const fill = builder.fillOf(input);
    const other = node.inputs[1 - index]!;
    const otherHasShape =
      builder.fillOf(other) === undefined && sameShape(other.shape, node.outputs[0]!.shape);
    if (fill === undefined || input.shape.length === 0 || !otherHasShape) return input;
    return builder.fill({ shape: [], dtype: input.dtype }, fill);
  });
  if (inputs.every((input, index) => input === node.inputs[index])) return undefined;
  return [builder.emit(node.kernel, inputs, {}, node.outputs[0]!)];
};

/** An element-wise node broadcasts by itself: an explicit broadcast before it is not needed. */
const absorbBroadcast: RewriteRule = (node, builder) => {
  if (!binaryKernels.has(node.kernel)) return undefined;
  const { shape } = node.outputs[0]!;
  for (const index of [0, 1]) {
    const other = node.inputs[1 - index]!;
    const source = builder.producer(node.inputs[index]!);
    if (source?.kernel !== 'BroadcastTo') continue;
    const narrow = source.inputs[0]!;
    if (sameShape(other.shape, shape)) {
      const inputs = index === 0 ? [narrow, other] : [other, narrow];
      return [builder.emit(node.kernel, inputs, {}, node.outputs[0]!)];
    }
    if (sizeOf(other.shape) === 1 && other.shape.length <= narrow.shape.length) {
      const inputs = index === 0 ? [narrow, other] : [other, narrow];
      const small = builder.emit(
        node.kernel,
        inputs,
        {},
        { shape: narrow.shape, dtype: node.outputs[0]!.dtype },
      );
      return [broadcast(builder, small, shape)];
    }
  }
  return undefined;
};

/** `x / c` becomes `x * (1 / c)`: a product is cheaper and can join others. */
const divisionByConstant: RewriteRule = (node, builder) => {
  if (node.kernel !== 'RealDiv') return undefined;
  const divisor = builder.fillOf(node.inputs[1]!);
  if (divisor === undefined || !isNormalFloat32(1 / divisor)) return undefined;
  const factor = builder.fill(node.inputs[1]!, 1 / divisor);
  return [builder.emit('Multiply', [node.inputs[0]!, factor], {}, node.outputs[0]!)];
};

/** `(x * a) * b` becomes `x * (a * b)`, and `-x * a` becomes `x * -a`. */
const joinFactors: RewriteRule = (node, builder) => {
  if (node.kernel !== 'Multiply' || node.outputs[0]!.dtype !== 'float32') return undefined;
  const factor = builder.fillOf(node.inputs[1]!);
  const inner = builder.producer(node.inputs[0]!);
  if (factor === undefined || inner === undefined) return undefined;
  const innerFactor =
    inner.kernel === 'Neg' ? -1 : inner.kernel === 'Multiply' ? builder.fillOf(inner.inputs[1]!) : undefined;
  if (innerFactor === undefined || !sameShape(inner.inputs[0]!.shape, node.outputs[0]!.shape))
    return undefined;
  if (!isNormalFloat32(factor * innerFactor)) return undefined;
  const joined = builder.fill({ shape: [], dtype: 'float32' }, Math.fround(factor * innerFactor));
  return [builder.emit('Multiply', [inner.inputs[0]!, joined], {}, node.outputs[0]!)];
};

/** `a + -b` becomes `a - b`, and `a - -b` becomes `a + b`. */
const dropNegation: RewriteRule = (node, builder) => {
  if (node.kernel !== 'Add' && node.kernel !== 'Sub') return undefined;
  const [a, b] = node.inputs as [Value, Value];
  const right = builder.producer(b);
  if (right?.kernel === 'Neg') {
    return [builder.emit(node.kernel === 'Add' ? 'Sub' : 'Add', [a, right.inputs[0]!], {}, node.outputs[0]!)];
  }
  const left = builder.producer(a);
  if (node.kernel === 'Add' && left?.kernel === 'Neg') {
    return [builder.emit('Sub', [b, left.inputs[0]!], {}, node.outputs[0]!)];
  }
  return undefined;
};

/** `x ** 2`, `x ** 1` and `x ** 0.5` have kernels of their own. */
const constantPower: RewriteRule = (node, builder) => {
  if (node.kernel !== 'Pow') return undefined;
  const exponent = builder.fillOf(node.inputs[1]!);
  const x = node.inputs[0]!;
  if (exponent === undefined || !sameShape(x.shape, node.outputs[0]!.shape)) return undefined;
  if (exponent === 1) return [x];
  const kernel = exponent === 2 ? 'Square' : exponent === 0.5 ? 'Sqrt' : undefined;
  return kernel === undefined ? undefined : [builder.emit(kernel, [x], {}, node.outputs[0]!)];
};

function broadcast(builder: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  return builder.emit('BroadcastTo', [x], { shape: [...shape] }, { shape, dtype: x.dtype });
}

/** Rules of arithmetic on element-wise nodes. */
export const arithmeticRules: readonly RewriteRule[] = [
  constantsLast,
  dropNeutral,
  shrinkFill,
  absorbBroadcast,
  divisionByConstant,
  joinFactors,
  dropNegation,
  constantPower,
];
