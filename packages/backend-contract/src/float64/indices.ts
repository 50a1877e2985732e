import { sizeOf } from './numbers.ts';

/** How far apart neighbours along each axis lie in a row-major array. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * Flat places `first + sum(index[k] * strides[k])` for every index of `shape`, in row-major order. Broadcasts, transposes,
 * slices and reductions are all such walks, with strides of their own.
 */
export function walk(shape: readonly number[], strides: readonly number[], first = 0): Int32Array {
  let places = Int32Array.of(first);
  shape.forEach((size, axis) => {
    const next = new Int32Array(places.length * size);
    places.forEach((place, row) => {
      for (let i = 0; i < size; i++) next[row * size + i] = place + i * strides[axis]!;
    });
    places = next;
  });
  return places;
}

/** For each element of a result of shape `to`, the place of the element of an operand of shape `from` that it reads. */
export function broadcastPlaces(from: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return walk(
    to,
    to.map((_, axis) => (axis < added || from[axis - added] === 1 ? 0 : strides[axis - added]!)),
  );
}
