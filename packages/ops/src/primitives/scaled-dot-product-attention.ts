import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.ts';

/** What attention computes. */
export interface Attention {
  /** `[B, H, T, d]`; differentiable. */
  readonly output: tf.Tensor4D;
  /** `[B, H, T, T]`, each row sums to 1, before any mask; for looking at: carries no gradient. */
  readonly probabilities: tf.Tensor4D;
}

/**
 * `(softmax(query key^T / sqrt(d) + keyBias) * weightMask) value`, for every head.
 *
 * Vaswani et al.: "Attention is all you need", 2017. The gradient of the softmax uses
 * `rowsum(dP * P) = rowsum(dO * O)` (Dao et al.: "FlashAttention", 2022), which is as cheap as the output is narrow and holds with a mask
 * as well.
 *
 * @param query `[B, H, T, d]`, like `key` and `value`.
 * @param keyBias `[B, 1, 1, T]`: 0, or -1e9 for a key to ignore (`keyBiasFromMask`); constant, no gradient.
 * @param weightMask `[B, H, T, T]`, such as a dropout mask of 0 and 1 / (1 - p); constant, no gradient. Default: 1 everywhere.
 * @throws PatchBertError `ops/shape-mismatch`.
 * @example
 * const { output } = scaledDotProductAttention(q, k, v);
 */
export function scaledDotProductAttention(
  query: tf.Tensor4D,
  key: tf.Tensor4D,
  value: tf.Tensor4D,
  keyBias?: tf.Tensor,
  weightMask?: tf.Tensor4D,
): Attention {
  const headWidth = query.shape[3];
  if (key.shape[3] !== headWidth || key.shape[2] !== value.shape[2]) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `scaledDotProductAttention: query is [${query.shape}], key [${key.shape}], value [${value.shape}]; expected query and key of one head width, key and value of one length.`,
    );
  }
  const temperature = 1 / Math.sqrt(headWidth);
  let kept: tf.Tensor4D | undefined;
  const output = withGradient(
    [query, key, value],
    (save) => {
      // Scaling the query touches d numbers a row, scaling the scores would touch T; the key's gradient wants it so.
      const scaled = tf.mul(query, temperature);
      const scores = tf.matMul(scaled, key, false, true); // [B, H, T, d] x [B, H, T, d]^T -> [B, H, T, T]
      const probabilities = tf.softmax(keyBias ? tf.add(scores, keyBias) : scores) as tf.Tensor4D;
      const attended = weightMask ? tf.mul<tf.Tensor4D>(probabilities, weightMask) : probabilities;
      const result = tf.matMul(attended, value) as tf.Tensor4D; // [B, H, T, T] x [B, H, T, d] -> [B, H, T, d]
      save([scaled, key, value, probabilities, result, ...(weightMask ? [weightMask, attended] : [])]);
      kept = tf.keep(probabilities);
      return result;
    },
    (upstream, saved) => attentionGradients(upstream, saved, temperature),
  );
  // A primitive has one result; the second one leaves through a clone that the caller's tidy owns.
  const probabilities = tf.clone(kept!);
  kept!.dispose();
  return { output, probabilities };
}

function attentionGradients(upstream: tf.Tensor, saved: tf.Tensor[], temperature: number): tf.Tensor[] {
  const [scaled, key, value, probabilities, result] = saved as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [weightMask, attended] = saved.slice(5);
  const dValue = tf.matMul(attended ?? probabilities, upstream, true); // [B, H, T, T]^T x [B, H, T, d] -> [B, H, T, d]
  const dAttended = tf.matMul(upstream, value, false, true); // [B, H, T, d] x [B, H, T, d]^T -> [B, H, T, T]
  const dProbabilities = weightMask ? tf.mul(dAttended, weightMask) : dAttended;
  const rowSum = tf.sum(tf.mul(upstream, result), -1, true); // [B, H, T, 1]
  const dScores = tf.mul(probabilities, tf.sub(dProbabilities, rowSum));
  const dScaled = tf.matMul(dScores, key); // [B, H, T, T] x [B, H, T, d] -> [B, H, T, d]
  const dKey = tf.matMul(dScores, scaled, true); // [B, H, T, T]^T x [B, H, T, d] -> [B, H, T, d]
  return [tf.mul(dScaled, temperature), dKey, dValue];
}
