import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';

/** Below any sum of weights that counts; keeps 0/0 from a series without a token. */
const SUM_FLOOR = 1e-6;

/** What pooling needs of the weights of tokens. */
export interface TokenWeights {
  /** `[S, 1, T]`, weights divided by their sum; all 0 for a series without a token. */
  readonly share: tf.Tensor;
  /** `[S, T, 1]`, 1 where a token counts; undefined where all do. */
  readonly counts?: tf.Tensor;
}

/**
 * Weights `[S, T]` in the forms that pooling needs; equal ones when left out.
 *
 * @throws PatchBertError `ops/shape-mismatch`.
 */
export function tokenWeights(caller: string, tokens: tf.Tensor, weight: tf.Tensor | undefined): TokenWeights {
  const [series, count] = tokens.shape;
  if (tokens.rank !== 3 || (weight !== undefined && weight.shape.join() !== `${series},${count}`)) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `${caller}: tokens are [${tokens.shape}]${weight ? ` and tokenWeight [${weight.shape}]` : ''}; expected [S, T, D] and [S, T].`,
    );
  }
  if (weight === undefined) return { share: tf.fill([series!, 1, count!], 1 / count!) };
  const sum = tf.maximum(tf.sum(weight, 1, true), SUM_FLOOR);
  return {
    share: tf.expandDims(tf.div(weight, sum), 1), // [S, T] -> [S, 1, T]
    counts: tf.expandDims(tf.step(weight), 2), // [S, T] -> [S, T, 1]
  };
}
