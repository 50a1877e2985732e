import type { Step } from '@patchbert/backend';
import { type EncoderConfig, encodeLevels, patchTokens } from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import { type ForecastEncoder, rawContexts } from '@patchbert/forecast';
import { patchify, poolTokens } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { EmbeddingPooling } from '../embedding-options.ts';

/**
 * From raw windows to vectors in one step, for any backend to compile and for export: normalisation, patches, encoder and
 * pooling are all inside.
 *
 * The batch is `values` `[S, L]`, one channel each, in the user's units, and `observed` `[S, L]`, 1 where a value was measured;
 * what stands at the other points changes nothing. The state is the encoder's parameters. Outputs: `vectors`, `[S, N, D]`
 * with pooling `none`, else `[S, D]`, and `seen` `[S, N]`, 1 for a patch with an observed value. A patch without one is no key
 * of attention and is not pooled; vectors of windows without any are finite and mean nothing.
 *
 * @throws PatchBertError `embed/no-class-token` for `class` where the encoder has none.
 * @example
 * const program = await backend.compile(embeddingStep(encoder, 'mean'), signatureOf(parameters, { values, observed }));
 */
export function embeddingStep(
  { config, layout, outlierLimit }: ForecastEncoder,
  pooling: EmbeddingPooling | 'none',
): Step {
  requireClassToken(pooling, config);
  return (state, batch) => {
    const observed = batch.observed as tf.Tensor2D;
    const { standardised, seen, keyMask } = rawContexts(batch.values as tf.Tensor2D, observed, layout);
    const clipped = tf.minimum(tf.maximum(standardised, -outlierLimit), outlierLimit) as tf.Tensor2D; // [S, L]
    const { output } = encodeLevels(state, config, { patches: patchify(clipped, layout), keyMask });
    const tokens = patchTokens(output, config); // [S, 1+N, D] -> [S, N, D]
    if (pooling === 'none') return { state: {}, outputs: { vectors: tokens, seen } };
    const vectors = pooling === 'class' ? classTokenOf(output) : poolTokens(tokens, [pooling], seen);
    return { state: {}, outputs: { vectors, seen } };
  };
}

/** @throws PatchBertError `embed/no-class-token` for the pooling `class` of an encoder that has none. */
export function requireClassToken(
  pooling: EmbeddingPooling | 'none',
  { classToken }: Pick<EncoderConfig, 'classToken'>,
): void {
  if (pooling !== 'class' || classToken) return;
  throw new PatchBertError(
    'embed/no-class-token',
    'embed: this encoder was pretrained without a class token; use the pooling mean, max or last.',
  );
}

function classTokenOf(tokens: tf.Tensor3D): tf.Tensor2D {
  const [series, , width] = tokens.shape;
  return tf.reshape(tf.slice(tokens, [0, 0, 0], [series, 1, width]), [series, width]); // [S, 1+N, D] -> [S, D]
}
