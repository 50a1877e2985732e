import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { requireFittingShapes, weightSum } from './weighted-loss.ts';

/**
 * Reconstruction judged by frequency: the absolute real Fourier coefficients of `weight * (prediction - target)`, summed and
 * divided by `max(sum(weight), 1)`. The weight is applied before the transform, so a masked point adds to no coefficient.
 *
 * Wang et al.: "FreDF: Learning to forecast in the frequency domain", ICLR 2025. The transform is orthonormal: a difference of
 * white noise costs as much as in `weightedMeanAbsoluteError`. The squared form is not offered: by Parseval's theorem it is the
 * squared error.
 *
 * @param prediction `[..., P]`, such as `[S, N, P]` or `[S, L]`; the gradient goes here alone. The last axis is time.
 * @param target the shape of `prediction`, constant and finite everywhere, even where the weight is 0.
 * @param weight the shape of `prediction` or one that broadcasts to it, constant, 1 = counts.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const loss = spectralLoss(reconstruction, target, lossWeight);
 */
export function spectralLoss(prediction: tf.Tensor, target: tf.Tensor, weight: tf.Tensor): tf.Scalar {
  requireFittingShapes('spectralLoss', prediction.shape, target.shape, weight.shape);
  const length = prediction.shape[prediction.rank - 1]!;
  return withGradient(
    [prediction],
    (save) => {
      const difference = tf.mul(tf.sub(prediction, target), weight);
      const rows = tf.reshape(difference, [-1, length]); // [..., P] -> [M, P]
      const basis = tf.tensor2d(realFourierBasis(length), [length, length]);
      const coefficients = tf.matMul(rows, basis, false, true); // [M, P] x [P, P]^T -> [M, P]
      const count = weightSum(weight, prediction.size);
      save([tf.sign(coefficients), basis, weight, count]);
      return tf.div(tf.sum(tf.abs(coefficients)), count) as tf.Scalar;
    },
    (upstream, [signs, basis, kept, count]) => {
      const slope = tf.matMul(signs!, basis!); // [M, P] x [P, P] -> [M, P]
      const perPoint = tf.mul(tf.reshape(slope, prediction.shape), kept!); // [M, P] -> [..., P]
      return [tf.mul(perPoint, tf.div(upstream, count!))];
    },
  );
}

/**
 * The orthonormal real Fourier basis of `length` points, a row for each function: the constant, then cosine and sine of 1, 2 ...
 * waves, and at even lengths the alternating one.
 */
function realFourierBasis(length: number): Float32Array {
  const cosines = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
  const sines = Float64Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * i) / length));
  const basis = new Float32Array(length * length).fill(1 / Math.sqrt(length), 0, length);
  for (let row = 1; row < length; row++) {
    const waves = Math.ceil(row / 2);
    const wave = row % 2 === 1 ? cosines : sines;
    const norm = Math.sqrt((2 * waves === length ? 1 : 2) / length);
    for (let t = 0; t < length; t++) basis[row * length + t] = norm * wave[(waves * t) % length]!;
  }
  return basis;
}
