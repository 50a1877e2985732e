import { defineBackend } from '@patchbert/backend';
import { startTensorflow } from './engine/start-tensorflow.ts';
import { tensorflowAvailability } from './engine/tensorflow-availability.ts';

/**
 * TensorFlow's native library on the CPU, through the npm package `@tensorflow/tfjs-node` (or `@tensorflow/tfjs-node-gpu` where no
 * GPU is used), which is loaded when this backend is first asked for. TensorFlow chooses its threads itself.
 *
 * @example
 * const backend = await tfjsNodeCpu.create(); // after: npx patchbert-node-gpu install --cpu
 */
export const tfjsNodeCpu = defineBackend({
  name: 'tfjs-node-cpu',
  description: "TensorFlow's native library on the processor, in Node",
  isAvailable: async () => tensorflowAvailability('tfjs-node-cpu'),
  start: async () => startTensorflow('tfjs-node-cpu'),
});
