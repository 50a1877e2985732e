import type { ValueSpec } from '../graph/graph.ts';
import { broadcastShape } from '../graph/shapes.ts';
import { single, type TracedKernel } from './kernel.ts';

/** Matrix products and the fused kernels of `@patchbert/ops`. */
export const contractionKernels: readonly TracedKernel[] = [
  {
    name: 'BatchMatMul',
    inputs: ['a', 'b'],
    infer([a, b], attributes) {
      const transposeA = attributes.transposeA === true;
      const transposeB = attributes.transposeB === true;
      return single(productShape(a!, b!, transposeA, transposeB), 'float32', {
        transposeA,
        transposeB,
        scale: 1,
      });
    },
  },
  {
    name: 'PatchbertLayerNorm',
    inputs: ['x', 'scale', 'offset'],
    infer([x], { epsilon }) {
      const statistics: ValueSpec = { shape: [...x!.shape.slice(0, -1), 1], dtype: 'float32' };
      return {
        outputs: [{ shape: x!.shape, dtype: 'float32' }, statistics, statistics],
        attributes: { epsilon: Number(epsilon) },
      };
    },
  },
  { name: 'PatchbertGelu', inputs: ['x'], infer: ([x]) => single(x!.shape, 'float32') },
];

function productShape(a: ValueSpec, b: ValueSpec, transposeA: boolean, transposeB: boolean): number[] {
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  return [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
}
