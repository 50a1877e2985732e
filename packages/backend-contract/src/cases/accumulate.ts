import type { Signature, Step } from '@patchbert/backend';
import { float32Tensor, type HostTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** Adds `x` to the state `sum` and returns the sum before: shows what was kept. */
export const accumulate: Step = ({ sum }, { x }) => ({
  state: { sum: tf.add(sum!, x!) },
  outputs: { before: tf.add(sum!, 0) },
});

export const accumulateSignature: Signature = {
  state: { sum: { shape: [3], dtype: 'float32' } },
  batch: { x: { shape: [3], dtype: 'float32' } },
};

/** A float32 vector on the host. */
export function vector(...values: number[]): HostTensor {
  return float32Tensor(Float32Array.from(values));
}
