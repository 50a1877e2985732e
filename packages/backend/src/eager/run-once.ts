import type { HostTensor, HostTensors, Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Step, StepResult } from '../contract.ts';

/** Runs the step on uploaded copies of the batch, on the current engine; only the returned state and outputs survive. */
export function runOnce(step: Step, state: Tensors, batch: HostTensors): StepResult {
  const kept = tf.tidy(() => {
    const device = Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, upload(tensor)]));
    const result = step(state, device);
    // A copy where the step handed back one of its inputs: the caller disposes old state and outputs separately.
    const own = (tensors: Tensors) =>
      Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
    return [own(result.state), own(result.outputs)] as unknown as tf.TensorContainer;
  }) as unknown as [Tensors, Tensors];
  return { state: kept[0], outputs: kept[1] };
}

/** A tensor on the current engine. */
export function upload(tensor: HostTensor): tf.Tensor {
  // A copy: tfjs' cpu backend would alias the caller's array.
  return tf.tensor(tensor.data.slice(), [...tensor.shape], tensor.dtype);
}

/** Copies tensors to the host. */
export async function readTensors(tensors: Tensors): Promise<HostTensors> {
  const entries = await Promise.all(
    Object.entries(tensors).map(async ([name, tensor]): Promise<[string, HostTensor]> => {
      const values = await tensor.data();
      return tensor.dtype === 'int32'
        ? [name, { dtype: 'int32', shape: tensor.shape, data: Int32Array.from(values) }]
        : [name, { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(values) }];
    }),
  );
  return Object.fromEntries(entries);
}
