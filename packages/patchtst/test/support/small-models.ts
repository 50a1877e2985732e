import { float32Tensor, type HostTensor } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import {
  createPatchTST,
  type PatchTSTConfigInput,
  type PatchTSTModel,
  type RawSeries,
} from '../../src/index.ts';

/** A model small enough for a test: 2 channels of 20 points, 5 patches. */
export function smallModel(overrides: Partial<PatchTSTConfigInput> = {}): PatchTSTModel {
  const shape = { channels: 2, contextLength: 20, patchLength: 4, patchStride: 4 };
  const size = { width: 8, layers: 2, heads: 2, feedForwardWidth: 12, horizon: 3, targets: 3 };
  return createPatchTST({ task: 'forecast', ...shape, ...size, ...overrides }, randomKey(3));
}

/** Waves with noise, each of its own level, `[batch, 20, 2]`. */
export function smallSeries(batch: number, seed = 1, length = 20): RawSeries {
  const noise = normals(deriveKey(randomKey(seed), 'series'), batch * length * 2);
  const values = Float32Array.from(noise, (z, i) => {
    const [sample, time, channel] = [Math.floor(i / (2 * length)), Math.floor(i / 2) % length, i % 2];
    return 5 * sample - 3 * channel + Math.sin(time / 2 + sample) + 0.1 * z;
  });
  return { values: float32Tensor(values, [batch, length, 2]) };
}

export function normalTensor(shape: readonly number[], seed: number): HostTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return float32Tensor(Float32Array.from(normals(deriveKey(randomKey(seed), 'tensor'), count)), shape);
}
