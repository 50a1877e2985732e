import type { Signature, Step } from '@patchbert/backend';
import { elementCount, float32Tensor, type HostTensor, type HostTensors, scalarTensor } from '@patchbert/ops';
import { deriveKey, randomKey, uniforms } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A two-layer network with momentum: forward pass, gradients and an optimiser in a step of few kernels, for cases that
 * take many steps.
 */
export const trainNetwork: Step = (state, { x, y, rate }) => {
  const names = ['first', 'bias', 'second'];
  const loss = (first: tf.Tensor, bias: tf.Tensor, second: tf.Tensor): tf.Scalar => {
    const hidden = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, first as tf.Tensor2D, false, true), bias)); // [8, 5] x [6, 5]T -> [8, 6]
    const prediction = tf.matMul(hidden as tf.Tensor2D, second as tf.Tensor2D, false, true); // [8, 6] x [2, 6]T -> [8, 2]
    return tf.mean(tf.square(tf.sub(prediction, y!)));
  };
  const parameters = names.map((name) => state[name]!);
  const { value, grads } = tf.valueAndGrads(loss as (...x: tf.Tensor[]) => tf.Scalar)(parameters);
  const next: Record<string, tf.Tensor> = {};
  names.forEach((name, index) => {
    const momentum = tf.add(tf.mul(state[`momentum.${name}`]!, 0.9), grads[index]!);
    next[`momentum.${name}`] = momentum;
    next[name] = tf.sub(parameters[index]!, tf.mul(rate!, momentum));
  });
  return { state: next, outputs: { loss: value } };
};

const networkShapes = { first: [6, 5], bias: [6], second: [2, 6] };

export const networkSignature: Signature = {
  state: Object.fromEntries(
    Object.entries(networkShapes).flatMap(([name, shape]) => [
      [name, { shape, dtype: 'float32' as const }],
      [`momentum.${name}`, { shape, dtype: 'float32' as const }],
    ]),
  ),
  batch: {
    x: { shape: [8, 5], dtype: 'float32' },
    y: { shape: [8, 2], dtype: 'float32' },
    rate: { shape: [], dtype: 'float32' },
  },
};

/** A start state of the network. */
export function networkState(): HostTensors {
  return Object.fromEntries(
    Object.entries(networkSignature.state).map(([name, { shape }]) => [
      name,
      name.startsWith('momentum.') ? numbers(name, shape, 0) : numbers(name, shape, 0.7),
    ]),
  );
}

/** The batch of a training step. */
export function networkBatch(step: number): HostTensors {
  return { x: numbers(`x${step}`, [8, 5], 1), y: numbers(`y${step}`, [8, 2], 1), rate: scalarTensor(0.05) };
}

/** Reproducible numbers in (-limit, limit). */
function numbers(name: string, shape: readonly number[], limit: number): HostTensor {
  const draws = uniforms(deriveKey(randomKey(1), name), elementCount(shape));
  return float32Tensor(
    Float32Array.from(draws, (u) => limit * (2 * u - 1)),
    shape,
  );
}
