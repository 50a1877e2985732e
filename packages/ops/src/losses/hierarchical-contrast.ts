import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { maxTokens } from '../pooling/max-tokens.ts';
import { viewContrast } from './view-contrast.ts';

export interface HierarchicalContrastOptions {
  /** Share of the contrast between series; the rest is between times of one series. 0.5 by default. */
  readonly alpha?: number;
  /** The first level, from 0 for the tokens themselves, at which times are contrasted; 0 by default. */
  readonly temporalUnit?: number;
  /** `[S, T]` of 0 and 1, constant: 0 for a token that counts nowhere, in either view. All count by default. */
  readonly visible?: tf.Tensor;
}

/** Both views at one level of the hierarchy. */
interface Level {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly visible: tf.Tensor | undefined;
}

/**
 * Contrast between two views of the tokens of a series, at every level of a hierarchy: at each, a token is to be more like itself
 * in the other view than like the same time of other series, and than like other times of its own series (dot products). The
 * next level is the maximum of every two neighbours, until one token is left; the mean over levels.
 *
 * Yue et al.: "TS2Vec: Towards universal representation of time series", AAAI 2022, equations 1 and 2. Numbers are those of its
 * code, where a single series has no contrast between series.
 *
 * @param a `[S, T, D]`.
 * @param b `[S, T, D]`, the same tokens of another view.
 * @throws PatchBertError `ops/shape-mismatch`, `ops/bad-share`.
 * @example
 * const loss = hierarchicalContrast(tokens, otherTokens, { alpha: 0.5 });
 */
export function hierarchicalContrast(
  a: tf.Tensor,
  b: tf.Tensor,
  { alpha = 0.5, temporalUnit = 0, visible }: HierarchicalContrastOptions = {},
): tf.Scalar {
  requireFittingViews(a, b, visible);
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new PatchBertError('ops/bad-share', `hierarchicalContrast: alpha is ${alpha}; expected 0 to 1.`);
  }
  return tf.tidy(() => {
    const losses: tf.Tensor[] = [];
    let level: Level = { a, b, visible };
    let depth = 1;
    for (; ; depth++) {
      const [series, times] = level.a.shape as [number, number];
      if (alpha > 0 && series > 1) losses.push(tf.mul(betweenSeries(level), alpha));
      if (alpha < 1 && times > 1 && depth > temporalUnit) losses.push(tf.mul(betweenTimes(level), 1 - alpha));
      if (times === 1) break;
      level = halved(level);
    }
    // A sum of no contrast is still a function of the tokens.
    const sum = losses.length > 0 ? losses.reduce((x, y) => tf.add(x, y)) : tf.mul(tf.sum(a), 0);
    return tf.div(sum, depth) as tf.Scalar;
  });
}

function betweenSeries({ a, b, visible }: Level): tf.Tensor {
  const byTime = tf.transpose(tf.concat([a, b], 0), [1, 0, 2]); // [S, T, D] twice -> [2S, T, D] -> [T, 2S, D]
  return viewContrast(byTime, visible && tf.transpose(tf.concat([visible, visible], 0))); // [S, T] twice -> [T, 2S]
}

function betweenTimes({ a, b, visible }: Level): tf.Tensor {
  return viewContrast(tf.concat([a, b], 1), visible && tf.concat([visible, visible], 1)); // [S, T, D] twice -> [S, 2T, D]
}

/** The maximum of every two neighbours; the last of an odd number of tokens is left out. */
function halved({ a, b, visible }: Level): Level {
  const [series, times, width] = a.shape as [number, number, number];
  const half = Math.floor(times / 2);
  const pairs = series * half;
  const seen = visible && tf.reshape(tf.slice(visible, [0, 0], [series, 2 * half]), [pairs, 2, 1]); // [S, 2h] -> [S*h, 2, 1]
  const merged = (tokens: tf.Tensor) => {
    const kept = tf.slice(tokens, [0, 0, 0], [series, 2 * half, width]); // [S, T, D] -> [S, 2h, D]
    const largest = maxTokens(tf.reshape(kept, [pairs, 2, width]), seen); // [S, 2h, D] -> [S*h, 2, D] -> [S*h, 1, D]
    return tf.reshape(largest, [series, half, width]); // [S*h, 1, D] -> [S, h, D]
  };
  const both = seen && tf.reshape(tf.max(seen, 1), [series, half]); // [S*h, 2, 1] -> [S, h]
  return { a: merged(a), b: merged(b), visible: both };
}

function requireFittingViews(a: tf.Tensor, b: tf.Tensor, visible: tf.Tensor | undefined): void {
  const fits = visible === undefined || visible.shape.join() === a.shape.slice(0, 2).join();
  if (a.rank === 3 && a.shape.join() === b.shape.join() && fits) return;
  throw new PatchBertError(
    'ops/shape-mismatch',
    `hierarchicalContrast: the views are [${a.shape}] and [${b.shape}]${visible ? `, visible is [${visible.shape}]` : ''}; expected [S, T, D] twice and [S, T].`,
  );
}
