import { defineBackend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { findAdapter } from './find-adapter.ts';
import { lossOf, runningEngine, startEngine } from './webgpu-engine.ts';

/**
 * tfjs on the graphics card through WebGPU: the browser's in a page, Dawn's in Node (the npm package `webgpu`, which is to be
 * installed beside this one).
 *
 * A lost device (driver reset, out of memory) is the error `backend/device-lost`; `create` then starts anew.
 *
 * @example
 * const backend = await tfjsWebgpu.create();
 */
export const tfjsWebgpu = defineBackend({
  name: 'tfjs-webgpu',
  description:
    'TensorFlow.js on the graphics card through WebGPU, in a page, or in Node with the package webgpu',
  async isAvailable() {
    if (runningEngine() !== undefined) return { available: true };
    const found = await findAdapter();
    return 'reason' in found ? { available: false, reason: found.reason } : { available: true };
  },
  async start() {
    const { engine, description } = await startEngine(async () => {
      const found = await findAdapter();
      if ('reason' in found) throw new PatchBertError('backend/unavailable', `tfjs-webgpu: ${found.reason}`);
      return found;
    });
    return {
      tfjsBackend: 'webgpu',
      capabilities: {
        trains: true,
        precision: 'float32',
        engine: `tfjs-backend-webgpu ${tf.version_core}, ${description}`,
      },
      deviceLost: lossOf(engine),
    };
  },
});
