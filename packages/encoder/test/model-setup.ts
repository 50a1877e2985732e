import {
  createPreset,
  initialiseMaskedAutoencoder,
  type MaskedAutoencoderConfig,
  type PresetOptions,
} from '@patchbert/encoder';
import type { HostTensors, Tensors, TokenIndex } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import * as tf from '@tensorflow/tfjs';

const key = randomKey(11);

/** A model small enough to differentiate by hand: 5 patches of 3 points, 8 wide. */
export function smallConfig(overrides: Partial<PresetOptions> = {}): MaskedAutoencoderConfig {
  const shape = { patchLength: 3, patchCount: 5, width: 8, layers: 2, heads: 2, feedForwardWidth: 12 };
  return createPreset('tiny', { ...shape, ...overrides });
}

/** Parameters with biases, norms and positions away from 0 and 1, so that a wrong one shows. */
export function smallParameters(config: MaskedAutoencoderConfig): Tensors {
  const tensors = toTensors(initialiseMaskedAutoencoder(config, key));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      tf.add(tensor, drawNormals(name, tensor.shape, 0.3)),
    ]),
  );
}

export function toTensors(host: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(host).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]),
  );
}

export function drawNormals<T extends tf.Tensor>(name: string, shape: readonly number[], deviation = 1): T {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = normals(deriveKey(key, name), count);
  return tf.tensor(
    Float32Array.from(values, (z) => deviation * z),
    [...shape],
  ) as tf.Tensor as T;
}

/** What `visibleOrder` gives, written out: rows of visible patches and where each patch comes back from. */
export function tokenIndex(masks: readonly (readonly number[])[]): TokenIndex {
  const patchCount = masks[0]!.length;
  const visible: number[] = [];
  const restore: number[] = [];
  masks.forEach((mask, series) => {
    const first = visible.length;
    mask.forEach((hidden, patch) => {
      if (hidden) {
        restore.push(first);
        return;
      }
      restore.push(visible.length);
      visible.push(series * patchCount + patch);
    });
  });
  return {
    visibleIndex: tf.tensor1d(visible, 'int32'),
    restoreIndex: tf.tensor1d(restore, 'int32'),
    masked: tf.tensor3d(masks.flat(), [masks.length, patchCount, 1]),
  };
}

/** Adds `change` to the values of one patch of series 0. */
export function disturb(patches: tf.Tensor3D, patch: number, change: number): tf.Tensor3D {
  const [series, count, length] = patches.shape;
  const delta = tf.buffer([series, count, length]);
  for (let point = 0; point < length; point++) delta.set(change * (point + 1), 0, patch, point);
  return tf.add(patches, delta.toTensor());
}

/** The numbers of a tensor, row-major. */
export async function numbers(tensor: tf.Tensor): Promise<number[]> {
  return [...(await tensor.data())];
}

/** Row `token` of series `series` of `[S, T, D]`. */
export async function tokenOf(tokens: tf.Tensor3D, series: number, token: number): Promise<number[]> {
  return numbers(tf.slice(tokens, [series, token, 0], [1, 1, -1]));
}
