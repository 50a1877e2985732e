import { single, type TracedKernel } from './kernel.ts';

/** Kernels whose output does not depend on the values of their inputs; the recorder turns them into constants. */
export const creationKernels: readonly TracedKernel[] = [
  {
    name: 'Fill',
    inputs: [],
    infer: (_, { shape, value, dtype }) =>
      single(shape as number[], (dtype as 'float32' | 'int32' | 'bool' | undefined) ?? 'float32', {
        fill: Number(value),
      }),
  },
  {
    name: 'Range',
    inputs: [],
    infer(_, { start, stop, step, dtype }) {
      const length = Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
      const values = Array.from({ length }, (__, index) => Number(start) + index * Number(step));
      return single([length], (dtype as 'float32' | 'int32' | undefined) ?? 'float32', { values });
    },
  },
  { name: 'ZerosLike', inputs: ['x'], infer: ([x]) => single(x!.shape, x!.dtype, { fill: 0 }) },
  { name: 'OnesLike', inputs: ['x'], infer: ([x]) => single(x!.shape, x!.dtype, { fill: 1 }) },
];
