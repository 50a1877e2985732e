import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Starts a registered tfjs backend, which may take a while (WebGPU asks for a device).
 *
 * @throws PatchBertError `backend/unavailable` when it does not start.
 */
export async function startEngine(tfjsBackend: string): Promise<void> {
  if (tf.getBackend() === tfjsBackend) return;
  const previous = tf.getBackend();
  const started = await tf.setBackend(tfjsBackend);
  if (previous) void tf.setBackend(previous);
  if (!started) {
    throw new PatchBertError(
      'backend/unavailable',
      `the tfjs backend "${tfjsBackend}" failed to start here.`,
    );
  }
}

/** Runs `action` with a started tfjs backend as the current one, then restores the previous; tfjs knows only one. */
export function onEngine<T>(tfjsBackend: string, action: () => T): T {
  const previous = tf.getBackend();
  // Synchronous for a backend that has started: the promise only wraps the result.
  void tf.setBackend(tfjsBackend);
  try {
    return action();
  } finally {
    if (previous) void tf.setBackend(previous);
  }
}
