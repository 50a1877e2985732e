import * as tf from '@tensorflow/tfjs-core';
import type { Device } from './backend-kinds.ts';
import type { TensorflowPackageName } from './tensorflow-package.ts';

/** The name under which tfjs-node registers its engine. */
export const TENSORFLOW = 'tensorflow';

/** What is used here of the engine of tfjs-node. */
export interface TensorflowEngine extends tf.KernelBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
  /** Whether the package that registered it is tfjs-node-gpu. */
  readonly isGPUPackage: boolean;
  executeSingleInput(name: string, input: tf.TensorInfo): tf.Tensor;
}

/** The engine of tfjs-node, when this process has loaded it. */
export function loadedTensorflow(): TensorflowEngine | undefined {
  if (tf.findBackendFactory(TENSORFLOW) === null) return undefined;
  return tf.findBackend(TENSORFLOW) as TensorflowEngine;
}

/** Where an engine computes; its native binding chose. */
export function deviceOf({ isUsingGpuDevice }: TensorflowEngine): Device {
  return isUsingGpuDevice ? 'GPU' : 'CPU';
}

/** The npm package that an engine came from. */
export function packageOf({ isGPUPackage }: TensorflowEngine): TensorflowPackageName {
  return isGPUPackage ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}
