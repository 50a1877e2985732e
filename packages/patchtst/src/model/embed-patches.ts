import { linear, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { type DropoutMasks, drop } from './dropout.ts';

/**
 * Patches to the first layer's tokens, `[B, C, N, P] -> [B, C, T, D]`: one linear map, or one for each channel, plus the position;
 * a class token, the same for all channels, stands first and takes the first position.
 */
export function embedPatches(
  parameters: Tensors,
  config: PatchTSTConfig,
  patches: tf.Tensor4D,
  masks: DropoutMasks,
): tf.Tensor4D {
  const { width, classToken } = config;
  const [batch, channels, count] = patches.shape;
  const embedded =
    config.embedding === 'shared'
      ? linear(patches, parameters['encoder.embedding.weight']!, parameters['encoder.embedding.bias']!)
      : embedByChannel(parameters, patches, width);
  const table = parameters['encoder.position'] as tf.Tensor2D;
  if (!classToken) return drop(tf.add<tf.Tensor4D>(embedded, table), masks, 'encoder.position'); // [B, C, N, D] + [N, D]
  const places = tf.slice(table, [1, 0], [count, width]); // [1+N, D] -> [N, D]
  const placed = drop(tf.add<tf.Tensor4D>(embedded, places), masks, 'encoder.position'); // [B, C, N, D] + [N, D]
  const token = tf.add(parameters['encoder.classToken']!, tf.slice(table, [0, 0], [1, width])); // [D] + [1, D] -> [1, D]
  const repeated = tf.add<tf.Tensor4D>(tf.zeros([batch, channels, 1, width]), token); // [1, D] -> [B, C, 1, D]
  return tf.concat([repeated, placed], 2); // [B, C, 1, D] and [B, C, N, D] -> [B, C, 1+N, D]
}

/** Every channel by its own map, as one product of C matrices. */
function embedByChannel(parameters: Tensors, patches: tf.Tensor4D, width: number): tf.Tensor4D {
  const [batch, channels, count, length] = patches.shape;
  const stacked = (kind: 'weight' | 'bias', shape: [number, number, number]) =>
    tf.concat(
      Array.from({ length: channels }, (_, channel) =>
        tf.reshape(parameters[`encoder.embedding.${channel}.${kind}`]!, shape),
      ),
      0,
    );
  const weight = stacked('weight', [1, width, length]); // C x [D, P] -> [C, D, P]
  const bias = stacked('bias', [1, 1, width]); // C x [D] -> [C, 1, D]
  const byChannel = tf.transpose(patches, [1, 0, 2, 3]); // [B, C, N, P] -> [C, B, N, P]
  const rows = tf.reshape(byChannel, [channels, batch * count, length]) as tf.Tensor3D; // [C, B, N, P] -> [C, B*N, P]
  const embedded = tf.add(tf.matMul(rows, weight, false, true), bias); // [C, B*N, P] x [C, D, P]^T -> [C, B*N, D]
  const apart = tf.reshape(embedded, [channels, batch, count, width]); // [C, B*N, D] -> [C, B, N, D]
  return tf.transpose(apart, [1, 0, 2, 3]) as tf.Tensor4D; // [C, B, N, D] -> [B, C, N, D]
}
