import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

const ENGINE = 'webgpu';

/** tfjs' own kernel, once it was replaced. */
let addInOneProgram: tf.KernelFunc | undefined;

/**
 * Replaces tfjs' AddN kernel, which hands all tensors to one program: WebGPU takes 7 inputs (and an output), refuses more, and
 * the sum is then 0. This one adds up groups of what a program takes.
 */
export function registerAddInGroups(): void {
  if (addInOneProgram !== undefined) return;
  addInOneProgram = tf.getKernel(tf.AddN, ENGINE).kernelFunc;
  tf.unregisterKernel(tf.AddN, ENGINE);
  tf.registerKernel({
    kernelName: tf.AddN,
    backendName: ENGINE,
    kernelFunc: ({ inputs, backend }) =>
      addInGroups(backend as WebGPUBackend, inputs as unknown as readonly tf.TensorInfo[]),
  });
}

function addInGroups(backend: WebGPUBackend, terms: readonly tf.TensorInfo[]): tf.TensorInfo {
  const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
  if (terms.length <= most) {
    const inputs = terms as unknown as tf.NamedTensorInfoMap;
    return addInOneProgram!({ inputs, backend }) as tf.TensorInfo;
  }
  const sums: tf.TensorInfo[] = [];
  for (let first = 0; first < terms.length; first += most) {
    sums.push(addInGroups(backend, terms.slice(first, first + most)));
  }
  const sum = addInGroups(backend, sums);
  for (const { dataId } of sums) backend.disposeData(dataId);
  return sum;
}
