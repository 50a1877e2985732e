import * as tf from '@tensorflow/tfjs-core';
import { defineBackend } from './define-backend.ts';

/**
 * tfjs' own cpu engine in plain JavaScript, one thread, no native code. It runs everywhere, in a page too, and is slow.
 *
 * @example
 * const backend = await tfjsCpu.create();
 */
export const tfjsCpu = defineBackend({
  name: 'tfjs-cpu',
  description: 'TensorFlow.js in plain JavaScript, one thread',
  async start() {
    return {
      tfjsBackend: 'cpu',
      capabilities: {
        trains: true,
        precision: 'float32',
        engine: `tfjs-core ${tf.version_core}, JavaScript, 1 thread`,
      },
    };
  },
});
