import type { Constant, ValueSpec, ValueType } from '@patchbert/tracer';

/** Elements of a graph value, row-major: float32 in double precision, whole numbers and truth values as they are. */
export type Numbers = Float64Array | Int32Array | Uint8Array;

/** Room for a value, all 0. */
export function allocate({ shape, dtype }: ValueSpec): Numbers {
  return emptyOf(dtype, sizeOf(shape));
}

/** A value whose element `i` is `element(i)`. */
export function tabulate(spec: ValueSpec, element: (index: number) => number): Numbers {
  const numbers = allocate(spec);
  for (let i = 0; i < numbers.length; i++) numbers[i] = element(i);
  return numbers;
}

/** A constant of a graph. What a device would hold in single precision is rounded to it, then exact. */
export function numbersOf(constant: Constant): Numbers {
  const { value } = constant;
  if (!('fill' in constant)) return tabulate(value, (i) => constant.data[i]!);
  const fill = value.dtype === 'float32' ? Math.fround(constant.fill) : constant.fill;
  return allocate(value).fill(fill);
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function emptyOf(dtype: ValueType, size: number): Numbers {
  if (dtype === 'float32') return new Float64Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}
