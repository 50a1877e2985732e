import * as tf from '@tensorflow/tfjs-core';
import { TENSORFLOW, type TensorflowEngine } from './tensorflow-engine.ts';

/**
 * Makes `tf.round` of whole numbers right: TensorFlow 2.21 answers zeros for int32, in silence. Whole numbers are round
 * already.
 */
export function correctRound(): void {
  if (tf.getKernel(tf.Round, TENSORFLOW)?.kernelFunc === round) return;
  tf.unregisterKernel(tf.Round, TENSORFLOW);
  tf.registerKernel({ kernelName: tf.Round, backendName: TENSORFLOW, kernelFunc: round });
}

const round: tf.KernelFunc = ({ inputs, backend }) => {
  const x = inputs.x!;
  if (x.dtype === 'int32') return tf.getKernel(tf.Identity, TENSORFLOW).kernelFunc({ inputs, backend });
  return (backend as TensorflowEngine).executeSingleInput(tf.Round, x);
};
