import { didYouMean, PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { deviationTokens } from './deviation-tokens.ts';
import { lastToken } from './last-token.ts';
import { maxTokens } from './max-tokens.ts';
import { type TokenWeights, tokenWeights } from './token-weights.ts';

/**
 * One number per feature from all tokens of a series.
 *
 * - `mean`, `max`. - `deviation`: `sqrt(variance + 1e-6)`, population variance. - `last`: the last token that counts.
 * - `positive`: the share of tokens above 0 (Dempster et al., ROCKET, 2020); without gradient.
 */
export type TokenPooling = 'mean' | 'max' | 'deviation' | 'last' | 'positive';

const pools: Readonly<Record<TokenPooling, (tokens: tf.Tensor, weights: TokenWeights) => tf.Tensor>> = {
  mean: (tokens, { share }) => tf.matMul(share, tokens), // [S, 1, T] x [S, T, D] -> [S, 1, D]
  max: (tokens, { counts }) => maxTokens(tokens, counts),
  deviation: (tokens, { share }) => deviationTokens(tokens, share),
  last: (tokens, { counts }) => lastToken(tokens, counts),
  positive: (tokens, { share }) =>
    withGradient(
      [tokens],
      () => tf.matMul(share, tf.step(tokens)), // [S, 1, T] x [S, T, D] -> [S, 1, D]
      () => [tf.zeros(tokens.shape)],
    ),
};

/**
 * Tokens of a series pooled in several ways, beside each other. A token of weight 0 counts nowhere; a series without a token
 * that counts gets 0 (0.001 as `deviation`).
 *
 * @param tokens `[S, T, D]`.
 * @param kinds at least one, in the order of the result.
 * @param tokenWeight `[S, T]`, 0 or more, constant; equal ones by default. `max` and `last` ask only whether it is above 0.
 * @returns `[S, kinds * D]`, kind after kind.
 * @throws PatchBertError `ops/shape-mismatch`, `ops/bad-pooling`.
 * @example
 * const features = poolTokens(tokens, ['mean', 'max', 'deviation']); // [S, 3 D]
 */
export function poolTokens(
  tokens: tf.Tensor,
  kinds: readonly TokenPooling[],
  tokenWeight?: tf.Tensor,
): tf.Tensor2D {
  requireKinds(kinds);
  return tf.tidy(() => {
    const weights = tokenWeights('poolTokens', tokens, tokenWeight);
    const pooled = kinds.map((kind) => pools[kind](tokens, weights));
    const beside = pooled.length === 1 ? pooled[0]! : tf.concat(pooled, 2); // [S, 1, D] ... -> [S, 1, kinds*D]
    return tf.reshape(beside, [tokens.shape[0]!, -1]) as tf.Tensor2D; // [S, 1, kinds*D] -> [S, kinds*D]
  });
}

function requireKinds(kinds: readonly string[]): void {
  const known = Object.keys(pools);
  const wrong = kinds.find((kind) => !known.includes(kind));
  if (kinds.length > 0 && wrong === undefined) return;
  const what = wrong === undefined ? 'no kind is named' : `"${wrong}" is no kind of pooling`;
  const hint = wrong === undefined ? '' : didYouMean(wrong, known);
  throw new PatchBertError(
    'ops/bad-pooling',
    `poolTokens: ${what}; expected some of ${known.join(', ')}.${hint}`,
  );
}
