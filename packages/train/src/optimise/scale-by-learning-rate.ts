import * as tf from '@tensorflow/tfjs-core';
import { type GradientTransform, mapTensors, statelessTransform } from './gradient-transform.ts';

/** Multiplies the updates by the scalar `learningRate` of the step; the last piece of a chain. */
export function scaleByLearningRate(): GradientTransform {
  return statelessTransform((gradients, { scalars }) => ({
    updates: mapTensors(gradients, (update) => tf.mul(update, scalars.learningRate!)),
    state: {},
  }));
}
