import { sameShape, sizeOf } from '../graph/shapes.ts';
import type { RewriteRule } from './graph-builder.ts';

const dropIdentity: RewriteRule = (node) => (node.kernel === 'Identity' ? [node.inputs[0]!] : undefined);

const dropCast: RewriteRule = (node) =>
  node.kernel === 'Cast' && node.inputs[0]!.dtype === node.outputs[0]!.dtype ? [node.inputs[0]!] : undefined;

const expandDimsIsReshape: RewriteRule = (node, builder) =>
  node.kernel === 'ExpandDims' ? [builder.reshape(node.inputs[0]!, node.outputs[0]!.shape)] : undefined;

/** Drops a reshape to the same shape, joins two in a row, and moves it through constants and full broadcasts. */
const simplifyReshape: RewriteRule = (node, builder) => {
  if (node.kernel !== 'Reshape') return undefined;
  const [x] = node.inputs as [(typeof node.inputs)[0]];
  const { shape } = node.outputs[0]!;
  if (sameShape(x!.shape, shape)) return [x!];
  const fill = builder.fillOf(x!);
  if (fill !== undefined) return [builder.fill({ shape, dtype: x!.dtype }, fill)];
  const source = builder.producer(x!);
  if (source?.kernel === 'Reshape') return [builder.reshape(source.inputs[0]!, shape)];
  if (source?.kernel === 'BroadcastTo' && sizeOf(source.inputs[0]!.shape) === 1) {
    // One number of higher rank than its target would keep that rank.
    const number = builder.reshape(source.inputs[0]!, []);
    return [builder.emit('BroadcastTo', [number], { shape }, { shape, dtype: x!.dtype })];
  }
  return undefined;
};

/** Joins two transposes, and turns one that moves only axes of size 1 into a reshape. */
const simplifyTranspose: RewriteRule = (node, builder) => {
  if (node.kernel !== 'Transpose') return undefined;
  const x = node.inputs[0]!;
  const permutation = node.attributes.permutation as readonly number[];
  const { shape } = node.outputs[0]!;
  const moved = permutation.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, index) => index === 0 || axis > moved[index - 1]!))
    return [builder.reshape(x, shape)];
  const source = builder.producer(x);
  if (source?.kernel === 'Transpose') {
    const inner = source.attributes.permutation as readonly number[];
    const joined = permutation.map((axis) => inner[axis]!);
    return [
      builder.emit('Transpose', [source.inputs[0]!], { permutation: joined }, { shape, dtype: x.dtype }),
    ];
  }
  return undefined;
};

/** A reduction over axes of size 1 only moves elements. */
const dropTrivialReduction: RewriteRule = (node, builder) => {
  if (!['Sum', 'Mean', 'Max', 'Min', 'Prod'].includes(node.kernel)) return undefined;
  const x = node.inputs[0]!;
  const axes = node.attributes.axes as readonly number[];
  if (x.dtype !== node.outputs[0]!.dtype) return undefined;
  return axes.every((axis) => x.shape[axis] === 1) ? [builder.reshape(x, node.outputs[0]!.shape)] : undefined;
};

/** Rules that remove or merge moves of elements. */
export const shapeRules: readonly RewriteRule[] = [
  dropIdentity,
  dropCast,
  expandDimsIsReshape,
  simplifyReshape,
  simplifyTranspose,
  dropTrivialReduction,
];
