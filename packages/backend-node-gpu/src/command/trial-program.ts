/**
 * Tries the native binding of the package folder it is given: a product, a gradient, and what they should be. Prints a line of JSON
 * with TensorFlow's version and device; ends with 1 and a line of why when something is wrong.
 */
import { createRequire } from 'node:module';
import { argv, exit, stderr, stdout } from 'node:process';
import type * as Tensorflow from '@tensorflow/tfjs-core';
import { restoreRetiredUtilities } from '../engine/retired-utilities.ts';
import { deviceOf, type TensorflowEngine } from '../engine/tensorflow-engine.ts';

try {
  restoreRetiredUtilities();
  const tf = createRequire(import.meta.url)(argv[2]!) as typeof Tensorflow;
  const matrix = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const square = (x: Tensorflow.Tensor) => tf.matMul(x as Tensorflow.Tensor2D, x as Tensorflow.Tensor2D);
  const product = [...(await square(matrix).data())].join();
  const gradient = [
    ...(await tf
      .grad((x) => tf.sum(tf.square(square(x))))(matrix)
      .data()),
  ].join();
  if (product !== '7,10,15,22' || gradient !== '158,274,266,482') {
    throw new Error(`TensorFlow computes wrongly: ${product} and ${gradient}`);
  }
  const engine = tf.backend() as TensorflowEngine;
  stdout.write(`${JSON.stringify({ tensorflow: engine.binding.TF_Version, device: deviceOf(engine) })}\n`);
} catch (error) {
  stderr.write(`Error: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}\n`);
  exit(1);
}
