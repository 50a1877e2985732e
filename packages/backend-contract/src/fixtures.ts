import type { Signature, Step } from '@patchbert/backend';
import { float32Tensor, type HostTensor, type HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** Reproducible numbers in [-1, 1) without a dependency: a linear congruential generator. */
export function pseudoRandom(shape: readonly number[], seed: number, scale = 1): HostTensor {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
  return float32Tensor(data, shape);
}

/** Adds `x` to the state `sum` and returns the sum before: shows what was kept. */
export const accumulate: Step = ({ sum }, { x }) => ({
  state: { sum: tf.add(sum!, x!) },
  outputs: { before: tf.add(sum!, 0) },
});

export const accumulateSignature: Signature = {
  state: { sum: { shape: [3], dtype: 'float32' } },
  batch: { x: { shape: [3], dtype: 'float32' } },
};

/** A two-layer network with momentum: forward pass, gradients and an optimiser in one step. */
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

export const trainNetworkSignature: Signature = {
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
    Object.entries(trainNetworkSignature.state).map(([name, spec], index) => [
      name,
      pseudoRandom(spec.shape, index + 1, name.startsWith('momentum.') ? 0 : 0.7),
    ]),
  );
}

/** The batch of a training step. */
export function networkBatch(step: number): HostTensors {
  return {
    x: pseudoRandom([8, 5], 100 + step),
    y: pseudoRandom([8, 2], 200 + step),
    rate: float32Tensor(Float32Array.of(0.05), []),
  };
}
