import { normals, type RandomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

/** A float32 tensor of standard normal numbers. */
export function normalTensor<T extends tf.Tensor = tf.Tensor>(key: RandomKey, shape: number[]): T {
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(Float32Array.from(normals(key, count)), shape) as T;
}

/**
 * Compares the gradient of `sum(f(inputs) * upstream)` with central differences, for every element of every
 * input. The sum is taken in float64, so a step of 1e-2 leaves about 1e-4 of error for smooth functions.
 */
export function expectGradientMatchesDifferences(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  tolerance = 2e-3,
): void {
  const shape = tf.tidy(() => f(...inputs).shape);
  const upstream = normalTensor([91, 7], shape);
  const weights = upstream.dataSync();
  const gradients = tf.grads((...x: tf.Tensor[]) => f(...x))(inputs, upstream);
  const step = 1e-2;
  const objective = (moved: tf.Tensor[]) =>
    tf.tidy(() => Array.from(f(...moved).dataSync()).reduce((sum, y, i) => sum + y * weights[i]!, 0));
  inputs.forEach((input, which) => {
    expect(gradients[which]!.shape).toEqual(input.shape);
    const values = input.dataSync();
    const gradient = gradients[which]!.dataSync();
    for (let i = 0; i < values.length; i++) {
      const at = (offset: number) => {
        const moved = Float32Array.from(values);
        moved[i]! += offset;
        const tensor = tf.tensor(moved, input.shape);
        const result = { objective: objective(inputs.with(which, tensor)), position: moved[i]! };
        tensor.dispose();
        return result;
      };
      const above = at(step);
      const below = at(-step);
      const slope = (above.objective - below.objective) / (above.position - below.position);
      expect(Math.abs(gradient[i]! - slope)).toBeLessThan(tolerance * (1 + Math.abs(slope)));
    }
  });
  tf.dispose([upstream, gradients]);
}

/** Runs `work` and expects it to leave `results` tensors behind, no more. */
export function expectTensorsLeft(results: number, work: () => unknown): void {
  const before = tf.memory().numTensors;
  const outcome = work();
  expect(tf.memory().numTensors - before).toBe(results);
  tf.dispose(outcome as tf.Tensor);
}
