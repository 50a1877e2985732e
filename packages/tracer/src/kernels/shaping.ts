import * as tf from '@tensorflow/tfjs-core';
import { normaliseAxes, sizeOf } from '../graph/shapes.ts';
import { type Inferred, single, type TracedKernel } from './kernel.ts';

/** Kernels that move elements and compute nothing. */
export const shapingKernels: readonly TracedKernel[] = [
  {
    name: 'Reshape',
    inputs: ['x'],
    infer([x], { shape }) {
      const known = (shape as number[]).reduce(
        (product, size) => (size === -1 ? product : product * size),
        1,
      );
      const resolved = (shape as number[]).map((size) => (size === -1 ? sizeOf(x!.shape) / known : size));
      return single(resolved, x!.dtype, { shape: resolved });
    },
  },
  {
    name: 'ExpandDims',
    inputs: ['input'],
    infer([x], { dim }) {
      const axis = Number(dim) < 0 ? x!.shape.length + 1 + Number(dim) : Number(dim);
      const shape = [...x!.shape.slice(0, axis), 1, ...x!.shape.slice(axis)];
      return single(shape, x!.dtype, { shape });
    },
  },
  {
    name: 'Transpose',
    inputs: ['x'],
    infer([x], { perm }) {
      const permutation = perm as number[];
      return single(
        permutation.map((axis) => x!.shape[axis]!),
        x!.dtype,
        { permutation },
      );
    },
  },
  {
    name: 'Slice',
    inputs: ['x'],
    infer([x], attributes) {
      const [begin, size] = tf.slice_util.parseSliceParams(
        x as tf.TensorInfo,
        attributes.begin as number | number[],
        attributes.size as number | number[] | undefined,
      );
      return single(size!, x!.dtype, { begin: begin!, size: size! });
    },
  },
  {
    name: 'Concat',
    inputs: 'list',
    infer(inputs, { axis }) {
      const first = inputs[0]!;
      const at = Number(axis) < 0 ? Number(axis) + first.shape.length : Number(axis);
      const total = inputs.reduce((sum, input) => sum + input.shape[at]!, 0);
      return single(
        first.shape.map((size, index) => (index === at ? total : size)),
        first.dtype,
        { axis: at },
      );
    },
  },
  {
    name: 'SplitV',
    inputs: ['x'],
    infer([x], attributes): Inferred {
      const axis =
        Number(attributes.axis) < 0 ? Number(attributes.axis) + x!.shape.length : Number(attributes.axis);
      const sizes = splitSizes(attributes.numOrSizeSplits as number | number[], x!.shape[axis]!);
      return {
        outputs: sizes.map((length) => ({
          shape: x!.shape.map((size, index) => (index === axis ? length : size)),
          dtype: x!.dtype,
        })),
        attributes: { axis, sizes },
      };
    },
  },
  {
    name: 'Pack',
    inputs: 'list',
    infer(inputs, { axis }) {
      const first = inputs[0]!;
      const at = Number(axis) < 0 ? Number(axis) + first.shape.length + 1 : Number(axis);
      return single([...first.shape.slice(0, at), inputs.length, ...first.shape.slice(at)], first.dtype, {
        axis: at,
      });
    },
  },
  {
    name: 'Unpack',
    inputs: ['value'],
    infer([x], attributes): Inferred {
      const axis =
        Number(attributes.axis) < 0 ? Number(attributes.axis) + x!.shape.length : Number(attributes.axis);
      const shape = x!.shape.filter((_, index) => index !== axis);
      return {
        outputs: Array.from({ length: x!.shape[axis]! }, () => ({ shape, dtype: x!.dtype })),
        attributes: { axis },
      };
    },
  },
  {
    name: 'Tile',
    inputs: ['x'],
    infer([x], { reps }) {
      const repeats = reps as number[];
      return single(
        x!.shape.map((size, axis) => size * repeats[axis]!),
        x!.dtype,
        { repeats: [...repeats] },
      );
    },
  },
  {
    name: 'PadV2',
    inputs: ['x'],
    infer([x], { paddings, constantValue }) {
      const pairs = paddings as [number, number][];
      return single(
        x!.shape.map((size, axis) => size + pairs[axis]![0] + pairs[axis]![1]),
        x!.dtype,
        {
          before: pairs.map(([before]) => before),
          after: pairs.map(([, after]) => after),
          value: Number(constantValue ?? 0),
        },
      );
    },
  },
  {
    name: 'GatherV2',
    inputs: ['x', 'indices'],
    infer([x, indices], attributes) {
      const [axis = 0] = normaliseAxes(Number(attributes.axis ?? 0), x!.shape.length);
      const batchDims = Number(attributes.batchDims ?? 0);
      const shape = [
        ...x!.shape.slice(0, axis),
        ...indices!.shape.slice(batchDims),
        ...x!.shape.slice(axis + 1),
      ];
      return single(shape, x!.dtype, { axis, batchDims });
    },
  },
  {
    name: 'UnsortedSegmentSum',
    inputs: ['x', 'segmentIds'],
    infer([x, ids], { numSegments }) {
      return single([Number(numSegments), ...x!.shape.slice(ids!.shape.length)], x!.dtype, {
        segments: Number(numSegments),
      });
    },
  },
];

function splitSizes(numberOrSizes: number | readonly number[], length: number): number[] {
  if (typeof numberOrSizes === 'number')
    return Array.from({ length: numberOrSizes }, () => length / numberOrSizes);
  const known = numberOrSizes.reduce((sum, size) => (size === -1 ? sum : sum + size), 0);
  return numberOrSizes.map((size) => (size === -1 ? length - known : size));
}
