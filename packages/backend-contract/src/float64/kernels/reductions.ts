import type { GraphNode } from '@patchbert/tracer';
import { stridesOf, walk } from '../indices.ts';
import { allocate, type Numbers, tabulate } from '../numbers.ts';
import type { Kernel, Kernels } from './kernel.ts';

/** Reduces the numbers `x[first + offsets[i]]`. */
type Fold = (x: Numbers, first: number, offsets: Int32Array) => number;

const reduction =
  (fold: Fold): Kernel =>
  (node) => {
    const { rows, offsets } = groups(node, node.attributes.axes as readonly number[]);
    return ([x]) => [tabulate(node.outputs[0]!, (i) => fold(x!, rows[i]!, offsets))];
  };

const sum: Fold = (x, first, offsets) => offsets.reduce((total, offset) => total + x[first + offset]!, 0);
const maximum: Fold = (x, first, offsets) =>
  offsets.reduce((most, offset) => Math.max(most, x[first + offset]!), Number.NEGATIVE_INFINITY);

/** A kernel along one axis whose result has the shape of its input: `element(value, maximum, sum of exponentials)`. */
const alongAxis =
  (element: (x: number, most: number, total: number) => number): Kernel =>
  (node) => {
    const { rows, offsets } = groups(node, [Number(node.attributes.axis)]);
    return ([x]) => {
      const y = allocate(node.outputs[0]!);
      for (const row of rows) {
        const most = maximum(x!, row, offsets);
        const total = offsets.reduce((all, offset) => all + Math.exp(x![row + offset]! - most), 0);
        for (const offset of offsets) y[row + offset] = element(x![row + offset]!, most, total);
      }
      return [y];
    };
  };

/** Reductions and the kernels along one axis. */
export const reductionKernels: Kernels = {
  Sum: reduction(sum),
  Mean: reduction((x, first, offsets) => sum(x, first, offsets) / offsets.length),
  Max: reduction(maximum),
  Min: reduction((x, first, offsets) =>
    offsets.reduce((least, offset) => Math.min(least, x[first + offset]!), Number.POSITIVE_INFINITY),
  ),
  Prod: reduction((x, first, offsets) =>
    offsets.reduce((product, offset) => product * x[first + offset]!, 1),
  ),
  ArgMax(node) {
    const { rows, offsets } = groups(node, [Number(node.attributes.axis)]);
    return ([x]) => [
      tabulate(node.outputs[0]!, (i) =>
        offsets.reduce(
          (best, offset, at) => (x![rows[i]! + offset]! > x![rows[i]! + offsets[best]!]! ? at : best),
          0,
        ),
      ),
    ];
  },
  Softmax: alongAxis((x, most, total) => Math.exp(x - most) / total),
  LogSoftmax: alongAxis((x, most, total) => x - most - Math.log(total)),
};

/** The first place of each group that is reduced, and the places of a group's members from there. */
function groups(
  { inputs: [x] }: GraphNode,
  axes: readonly number[],
): { rows: Int32Array; offsets: Int32Array } {
  const strides = stridesOf(x!.shape);
  const over = (chosen: (axis: number) => boolean) =>
    walk(
      x!.shape.filter((_, axis) => chosen(axis)),
      strides.filter((_, axis) => chosen(axis)),
    );
  return { rows: over((axis) => !axes.includes(axis)), offsets: over((axis) => axes.includes(axis)) };
}
