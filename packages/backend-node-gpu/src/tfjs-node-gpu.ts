import { defineBackend } from '@patchbert/backend';
import { startTensorflow } from './engine/start-tensorflow.ts';
import { tensorflowAvailability } from './engine/tensorflow-availability.ts';

/**
 * TensorFlow's native library on an NVIDIA GPU, through the npm package `@tensorflow/tfjs-node-gpu`, which is loaded when this
 * backend is first asked for. It refuses where TensorFlow finds no CUDA device; `tfjsNodeCpu` is how to ask for the CPU.
 *
 * @example
 * const backend = await tfjsNodeGpu.create(); // after: npx patchbert-node-gpu install
 */
export const tfjsNodeGpu = defineBackend({
  name: 'tfjs-node-gpu',
  description: "TensorFlow's native library on an NVIDIA GPU, in Node",
  isAvailable: async () => tensorflowAvailability('tfjs-node-gpu'),
  start: async () => startTensorflow('tfjs-node-gpu'),
});
