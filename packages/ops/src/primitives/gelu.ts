import * as tf from '@tensorflow/tfjs-core';
import { FUSED_KERNELS, runFused } from './run-fused.ts';
import { withGradient } from './with-gradient.ts';

/**
 * Gaussian error linear unit, exact form: `y = x * cdf(x)`, `cdf(x) = (1 + erf(x / sqrt 2)) / 2`.
 *
 * Hendrycks, Gimpel: "Gaussian error linear units", 2016. Differs from the tanh form by up to 1e-3.
 *
 * @param x any shape.
 * @returns the shape of `x`.
 * @example
 * const y = gelu(tf.tensor1d([-1, 0, 1]));
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  return withGradient(
    [x],
    (save) => {
      save([x]);
      return runFused(FUSED_KERNELS.gelu, { x }, {}, () => [plainGelu(x)])[0] as T;
    },
    (upstream, [saved]) => [geluGradient(upstream, saved!)],
  );
}

function plainGelu(x: tf.Tensor): tf.Tensor {
  const half = tf.mul(x, 0.5);
  return tf.add(tf.mul(half, tf.erf(tf.mul(x, Math.SQRT1_2))), half);
}

/**
 * `upstream * (cdf(x) + x * pdf(x))`, with `u = x / sqrt 2`: `upstream / 2 * (1 + erf(u) + 2 / sqrt(pi) * u / exp(u^2))`.
 *
 * Dividing by `exp(u^2)` saves the sign change of `exp(-u^2)`; where it overflows, the quotient is the 0 it
 * should be. The half goes to `upstream`, where a compiler can fold it into the product that made it.
 */
function geluGradient(upstream: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const u = tf.mul(x, Math.SQRT1_2);
  const density = tf.mul(tf.div(u, tf.exp(tf.mul(u, u))), 2 / Math.sqrt(Math.PI));
  return tf.mul(tf.mul(upstream, 0.5), tf.add(tf.add(tf.erf(u), density), 1));
}
