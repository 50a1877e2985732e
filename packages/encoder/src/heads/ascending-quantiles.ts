import * as tf from '@tensorflow/tfjs-core';
import { middleLevelIndex } from './forecast-head-config.ts';

/**
 * Free numbers to quantiles that cannot cross, `[S, H, Q] -> [S, H, Q]`: the middle level is taken as it is, every other
 * one lies a `softplus` beyond its neighbour towards the middle.
 *
 * The sums of steps are one product with a constant matrix: tfjs' cumulative sum has no fast gradient.
 */
export function ascendingQuantiles(raw: tf.Tensor3D, levels: readonly number[]): tf.Tensor3D {
  const [series, horizon, count] = raw.shape;
  if (count === 1) return raw;
  const middle = middleLevelIndex(levels);
  const rows = tf.reshape(raw, [series * horizon, count]) as tf.Tensor2D; // [S, H, Q] -> [S*H, Q]
  const base = tf.slice(rows, [0, middle], [series * horizon, 1]); // [S*H, Q] -> [S*H, 1]
  const steps = tf.tensor2d(stepSums(count, middle), [count, count]);
  const distances = tf.matMul(tf.softplus(rows), steps); // [S*H, Q] x [Q, Q] -> [S*H, Q]
  return tf.reshape(tf.add(base, distances), [series, horizon, count]) as tf.Tensor3D; // [S*H, Q] -> [S, H, Q]
}

/** Row `k`, column `j`: 1 where step `k` leads up to level `j` above the middle, -1 where down to one below, else 0. */
function stepSums(count: number, middle: number): Float32Array {
  return Float32Array.from({ length: count * count }, (_, index) => {
    const [step, level] = [Math.floor(index / count), index % count];
    if (middle < step && step <= level) return 1;
    return level <= step && step < middle ? -1 : 0;
  });
}
