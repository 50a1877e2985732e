import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { restoreRetiredUtilities } from './retired-utilities.ts';
import { TENSORFLOW } from './tensorflow-engine.ts';
import type { TensorflowPackage } from './tensorflow-package.ts';

/**
 * Loads tfjs-node, which registers its engine with TensorFlow.js. Whatever backend was current stays current, and the engine
 * does not become the one that TensorFlow.js picks when nobody chose: tfjs-node would have both.
 *
 * Loaded by `require`, so that nothing else runs between the change of the current backend and its restoration.
 *
 * @throws whatever loading the native binding throws.
 */
export function loadTensorflow({ folder }: TensorflowPackage): void {
  restoreRetiredUtilities();
  const current = tf.getBackend();
  createRequire(import.meta.url)(folder);
  const factory = tf.findBackendFactory(TENSORFLOW);
  // tfjs-node registered itself in another copy of tfjs-core; the caller finds that out.
  if (factory === null) return;
  tf.removeBackend(TENSORFLOW);
  tf.registerBackend(TENSORFLOW, factory, 0);
  if (current) void tf.setBackend(current);
}
