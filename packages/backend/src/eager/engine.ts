import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Starts a registered tfjs backend, which may take a while (WebGPU asks for a device). The current one stays what it is.
 *
 * @throws PatchBertError `backend/unavailable` when it does not start.
 */
export async function startEngine(tfjsBackend: string): Promise<void> {
  if (Object.hasOwn(tf.engine().registry, tfjsBackend)) return;
  const current = tf.getBackend();
  const starting = tf.setBackend(tfjsBackend);
  // At once, so that nobody else works on this engine meanwhile, and again when an engine that took its time has put itself there.
  if (current) void tf.setBackend(current);
  const started = await starting;
  if (current) void tf.setBackend(tf.getBackend());
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
