import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './cross-entropy.ts';

/** Far below any similarity, far above the float32 limit. */
const EXCLUDED = 1e9;
/** Under the root of the squared length, so that a vector of zeros has no direction rather than no number. */
const LENGTH_FLOOR = 1e-8;

export interface InstanceContrastOptions {
  /** Similarities are divided by it; the smaller, the more the nearest negatives count. 0.2 by default. */
  readonly temperature?: number;
  /**
   * `[S, S]`, constant: 1 where row and column are the same instance in another place of the batch, which is then no
   * negative. The diagonal does not matter.
   */
  readonly excluded?: tf.Tensor;
}

/**
 * InfoNCE between two views of each series: the cosine similarity of view a of a series to its own view b is to stand out
 * from that to all other series' view b, and the other way round; the mean of both cross-entropies.
 *
 * van den Oord, Li, Vinyals: "Representation learning with contrastive predictive coding", 2018; Chen et al.: "A simple
 * framework for contrastive learning of visual representations", ICML 2020.
 *
 * @param a `[S, E]`, one vector per series.
 * @param b `[S, E]`, of another view of the same series in the same order.
 * @throws PatchBertError `ops/shape-mismatch`, `ops/bad-temperature`.
 * @example
 * const loss = instanceContrast(embeddings, otherEmbeddings, { temperature: 0.2 });
 */
export function instanceContrast(
  a: tf.Tensor,
  b: tf.Tensor,
  { temperature = 0.2, excluded }: InstanceContrastOptions = {},
): tf.Scalar {
  const series = a.shape[0]!;
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw new PatchBertError(
      'ops/bad-temperature',
      `instanceContrast: temperature is ${temperature}; expected a number above 0, such as 0.2.`,
    );
  }
  const fits = excluded === undefined || excluded.shape.join() === `${series},${series}`;
  if (a.rank !== 2 || a.shape.join() !== b.shape.join() || !fits) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `instanceContrast: the views are [${a.shape}] and [${b.shape}]${excluded ? `, excluded is [${excluded.shape}]` : ''}; expected [S, E] twice and [S, S].`,
    );
  }
  return tf.tidy(() => {
    const own = tf.eye(series);
    const scaled = tf.div(unitRows(a), temperature);
    const similarity = tf.matMul(scaled, unitRows(b), false, true); // [S, E] x [S, E]^T -> [S, S]
    const bias = excluded && tf.mul(tf.mul(excluded, tf.sub(own, 1)), EXCLUDED);
    const logits = bias ? tf.add(similarity, bias) : similarity;
    const weight = tf.ones([series]);
    const aToB = crossEntropy(logits, own, weight);
    // The bias belongs to pairs: turned over with them, it excludes the same ones.
    const bToA = crossEntropy(tf.transpose(logits), own, weight); // [S, S] -> [S, S]
    return tf.mul(tf.add(aToB, bToA), 0.5) as tf.Scalar;
  });
}

/** Each row divided by its length. */
function unitRows(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), 1, true), LENGTH_FLOOR)));
}
