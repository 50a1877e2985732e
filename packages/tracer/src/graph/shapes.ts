import { PatchBertError } from '@patchbert/errors';

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The shape of an element-wise operation, as NumPy broadcasts.
 *
 * @throws PatchBertError `tracer/bad-shape` when two axes differ and neither is 1.
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[a.length - rank + axis] ?? 1;
    const sizeB = b[b.length - rank + axis] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new PatchBertError('tracer/bad-shape', `trace: shapes [${a}] and [${b}] do not broadcast.`);
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/** The axes as non-negative ascending numbers. */
export function normaliseAxes(axes: number | readonly number[], rank: number): number[] {
  const list = typeof axes === 'number' ? [axes] : [...axes];
  return list.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

/** The shape after reducing over `axes`. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));
}
