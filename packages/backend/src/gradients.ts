import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers tfjs' gradients (and its cpu kernels) and proves that they are there. Plain `@tensorflow/tfjs-core` registers
 * none in Node; the union package `@tensorflow/tfjs` does, for every backend of the same engine.
 *
 * Every backend calls this before it compiles; it loads once and costs nothing afterwards.
 *
 * @throws PatchBertError `backend/no-gradients` when two copies of tfjs-core are installed, so that the gradients were
 * registered in the other one.
 */
export async function ensureGradients(): Promise<void> {
  if (tf.getGradient('Sum') !== undefined) return;
  await import('@tensorflow/tfjs');
  if (tf.getGradient('Sum') === undefined) {
    throw new PatchBertError(
      'backend/no-gradients',
      'ensureGradients: @tensorflow/tfjs registered its gradients in another copy of @tensorflow/tfjs-core. ' +
        'Install one version of tfjs-core only (npm ls @tensorflow/tfjs-core shows the copies).',
    );
  }
}
