import type * as tf from '@tensorflow/tfjs-core';

/** Element types that cross the border between host and device. */
export type TensorType = 'float32' | 'int32';

/** Shape and element type of a tensor; `[]` is a scalar. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: TensorType;
}

/** A tensor in host memory, row-major. */
export interface HostTensor extends TensorSpec {
  readonly data: Float32Array | Int32Array;
}

/** Named host tensors: parameters, optimiser state, a batch, or the outputs of a step. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Named tensors of the current tfjs backend, as a step sees them. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A float32 host tensor; `shape` defaults to a vector. */
export function float32Tensor(data: Float32Array, shape: readonly number[] = [data.length]): HostTensor {
  return { dtype: 'float32', shape, data };
}

/** An int32 host tensor; `shape` defaults to a vector. */
export function int32Tensor(data: Int32Array, shape: readonly number[] = [data.length]): HostTensor {
  return { dtype: 'int32', shape, data };
}

/** A float32 scalar, such as a learning rate. */
export function scalarTensor(value: number): HostTensor {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}
