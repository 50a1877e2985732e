import type { ValueSpec } from '../graph/graph.ts';
import { normaliseAxes, reducedShape } from '../graph/shapes.ts';
import { single, type TfjsAttributes, type TracedKernel } from './kernel.ts';

function reduction(name: string, axisAttribute: string, dtype?: ValueSpec['dtype']): TracedKernel {
  return {
    name,
    inputs: ['x'],
    infer([x], attributes) {
      const axes = axesOf(x!, attributes, axisAttribute);
      const keepDims = attributes.keepDims === true;
      return single(reducedShape(x!.shape, axes, keepDims), dtype ?? x!.dtype, { axes, keepDims });
    },
  };
}

function axesOf(x: ValueSpec, attributes: TfjsAttributes, axisAttribute: string): number[] {
  const axes = attributes[axisAttribute] as number | readonly number[] | undefined | null;
  return axes === undefined || axes === null
    ? x.shape.map((_, axis) => axis)
    : normaliseAxes(axes, x.shape.length);
}

/** Reductions and the kernels along one axis. */
export const reductionKernels: readonly TracedKernel[] = [
  reduction('Sum', 'axis'),
  reduction('Mean', 'axis', 'float32'),
  reduction('Max', 'reductionIndices'),
  reduction('Min', 'axis'),
  reduction('Prod', 'axis'),
  {
    name: 'ArgMax',
    inputs: ['x'],
    infer([x], attributes) {
      const axes = axesOf(x!, attributes, 'axis');
      return single(reducedShape(x!.shape, axes, false), 'int32', { axis: axes[0]! });
    },
  },
  {
    name: 'Softmax',
    inputs: ['logits'],
    infer: ([x], { dim }) =>
      single(x!.shape, x!.dtype, { axis: normaliseAxes(Number(dim), x!.shape.length)[0]! }),
  },
  {
    name: 'LogSoftmax',
    inputs: ['logits'],
    infer: ([x], { axis }) =>
      single(x!.shape, x!.dtype, { axis: normaliseAxes(Number(axis), x!.shape.length)[0]! }),
  },
];
