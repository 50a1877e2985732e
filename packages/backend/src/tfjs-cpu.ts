import * as tf from '@tensorflow/tfjs-core';
import type { BackendAdapter } from './contract.ts';
import { createEagerBackend } from './eager/eager-backend.ts';

/**
 * The reference: tfjs' own cpu backend in plain JavaScript, one thread, no native code. It runs everywhere and is slow;
 * the other backends are tested against it.
 *
 * @example
 * const backend = await tfjsCpu.create();
 */
export const tfjsCpu: BackendAdapter = {
  name: 'tfjs-cpu',
  isAvailable: async () => ({ available: true }),
  create() {
    // Without it tfjs prints a banner about tfjs-node on first use.
    tf.enableProdMode();
    return createEagerBackend({
      name: 'tfjs-cpu',
      tfjsBackend: 'cpu',
      capabilities: {
        trains: true,
        precision: 'float32',
        engine: `tfjs-core ${tf.version_core}, JavaScript, 1 thread`,
      },
    });
  },
};
