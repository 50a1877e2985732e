import { defineBackend } from '@patchbert/backend';
import * as tf from '@tensorflow/tfjs-core';
import { describeRenderer } from './renderer.ts';
import { webglAvailability } from './webgl-availability.ts';
import { lossOf, startWebglEngine } from './webgl-engine.ts';

/**
 * tfjs on the graphics card of a page or a worker, through WebGL2. Where the card renders in 16 bits only (many telephones),
 * `capabilities` say `float16` and steps that train are refused: gradients vanish there.
 *
 * A lost context (driver reset, too many pages) is the error `backend/device-lost`; `create` then starts anew.
 *
 * @example
 * const backend = await tfjsWebgl.create();
 */
export const tfjsWebgl = defineBackend({
  name: 'tfjs-webgl',
  description: 'TensorFlow.js on the graphics card through WebGL2, in a page',
  isAvailable: webglAvailability,
  async start() {
    const engine = await startWebglEngine();
    const float32 = tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
    return {
      tfjsBackend: 'webgl',
      capabilities: {
        trains: float32,
        precision: float32 ? 'float32' : 'float16',
        engine: `tfjs-backend-webgl ${tf.version_core}, ${describeRenderer(engine.gpgpu.gl)}`,
      },
      deviceLost: lossOf(engine),
    };
  },
});
