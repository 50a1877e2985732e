import type { Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import type { DropoutMasks } from './dropout.ts';
import { embedPatches } from './embed-patches.ts';
import { encoderLayer } from './encoder-layer.ts';
import type { Norm } from './norms.ts';

/** What the encoder has at each depth, `[B, C, T, D]` each; T counts the class token, which comes first. */
export interface HiddenStates {
  /** What each layer is given: the embedded patches with their positions, then the output of the layer before. */
  readonly inputs: readonly tf.Tensor4D[];
  /** Output of the last layer. There is no final norm. */
  readonly last: tf.Tensor4D;
}

/** Embedding and layers on scaled patches `[B, C, N, P]`. */
export function encode(
  parameters: Tensors,
  config: PatchTSTConfig,
  patches: tf.Tensor4D,
  norm: Norm,
  masks: DropoutMasks,
): HiddenStates {
  const embedded = embedPatches(parameters, config, patches, masks); // [B, C, N, P] -> [B, C, T, D]
  const [batch, channels, tokens, width] = embedded.shape;
  const shape = { batch, channels, tokens };
  const inputs = [embedded];
  let rows = tf.reshape(embedded, [batch * channels * tokens, width]) as tf.Tensor2D; // [B, C, T, D] -> [B*C*T, D]
  for (let layer = 0; layer < config.layers; layer++) {
    rows = encoderLayer(parameters, config, `encoder.layers.${layer}`, rows, shape, norm, masks);
    inputs.push(tf.reshape(rows, embedded.shape) as tf.Tensor4D); // [B*C*T, D] -> [B, C, T, D]
  }
  const last = inputs.pop()!;
  return { inputs, last };
}
