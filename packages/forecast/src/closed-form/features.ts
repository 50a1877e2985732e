import { type EncoderConfig, encodePatches } from '@patchbert/encoder';
import { type PatchLayout, patchify, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** A pretrained encoder as a forecaster uses it. */
export interface ForecastEncoder {
  readonly config: EncoderConfig;
  readonly layout: PatchLayout;
  /** Values are clipped at this many deviations before they are encoded, as in pretraining. */
  readonly outlierLimit: number;
}

/** Tokens of normalised contexts, one after the other, and the exogenous inputs: `[S, N * D + E]`. */
export function encodedFeatures(
  encoder: ForecastEncoder,
): (parameters: Tensors, batch: Tensors) => tf.Tensor2D {
  return (parameters, batch) => {
    const tokens = encodeContext(encoder, parameters, batch);
    const [series, count, width] = tokens.shape;
    const flat = tf.reshape(tokens, [series, count * width]) as tf.Tensor2D; // [S, N, D] -> [S, N*D]
    return withExogenous(flat, batch);
  };
}

/** The normalised context itself and the exogenous inputs: `[S, L + E]`. */
export function contextFeatures(_parameters: Tensors, batch: Tensors): tf.Tensor2D {
  return withExogenous(batch.context as tf.Tensor2D, batch);
}

/** `[S, L] -> [S, N, D]`. */
export function encodeContext(
  { config, layout, outlierLimit }: ForecastEncoder,
  parameters: Tensors,
  { context, keyMask }: Tensors,
): tf.Tensor3D {
  const clipped = tf.minimum(tf.maximum(context!, -outlierLimit), outlierLimit) as tf.Tensor2D; // [S, L]
  const patches = patchify(clipped, layout); // [S, L] -> [S, N, P]
  return encodePatches(parameters, config, {
    patches,
    ...(keyMask && { keyMask: keyMask as tf.Tensor2D }),
  });
}

function withExogenous(features: tf.Tensor2D, { exogenous }: Tensors): tf.Tensor2D {
  return exogenous ? tf.concat([features, exogenous as tf.Tensor2D], 1) : features; // [S, F] -> [S, F + E]
}
