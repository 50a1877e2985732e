import { PatchBertError } from '@patchbert/errors';
import { float32Tensor, type HostTensor } from '@patchbert/ops';
import { deriveKey, permutation, type RandomKey, uniforms } from '@patchbert/random';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { seriesLayout } from '../config/token-layout.ts';

/**
 * Which patches pretraining hides, drawn as Hugging Face's PatchTST does, from `key`: `[B*C*N]`, 1 = hidden.
 *
 * @throws PatchBertError `patchtst/bad-mask` when a forecast mask would hide every patch.
 * @example
 * const mask = drawPatchMask(config, 32, deriveKey(randomKey(0), 'mask', step));
 */
export function drawPatchMask(config: PatchTSTConfig, batch: number, key: RandomKey): Uint8Array {
  const { masking, channels } = config;
  if (masking.kind === 'forecast')
    return forecastPatchMask(config, permutation(deriveKey(key, 'rows'), batch));
  const { patchCount } = seriesLayout(config);
  const draws = uniforms(
    deriveKey(key, 'noise'),
    batch * (masking.channelConsistent ? 1 : channels) * patchCount,
  );
  if (!masking.channelConsistent) return randomPatchMask(config, draws);
  const noise = new Float64Array(batch * channels * patchCount);
  for (let row = 0; row < batch * channels; row++) {
    const sample = Math.floor(row / channels) * patchCount;
    noise.set(draws.subarray(sample, sample + patchCount), row * patchCount);
  }
  return randomPatchMask(config, noise);
}

/**
 * The `random` mask of given noise: each series keeps its `int(N (1 - ratio))` patches of smallest noise, so that the hidden share is
 * rounded up; channels of `unmaskedChannels` keep all.
 *
 * @param noise `[B*C*N]`.
 * @returns `[B*C*N]`, 1 = hidden.
 */
export function randomPatchMask(config: PatchTSTConfig, noise: ArrayLike<number>): Uint8Array {
  const { patchCount } = seriesLayout(config);
  const kept = Math.trunc(patchCount * (1 - config.masking.ratio));
  const mask = new Uint8Array(noise.length).fill(1);
  for (let start = 0; start < noise.length; start += patchCount) {
    const order = Array.from({ length: patchCount }, (_, patch) => patch).sort(
      (a, b) => noise[start + a]! - noise[start + b]!,
    );
    for (const patch of order.slice(0, kept)) mask[start + patch] = 0;
  }
  return showUnmasked(config, mask);
}

/**
 * The `forecast` mask of a given order of samples: the last patches of all channels. The batch is divided evenly among the numbers of
 * `masking.patches`, what remains goes to the first, and the rows made so are put in `order`.
 *
 * @param order a permutation of the B samples.
 * @returns `[B*C*N]`, 1 = hidden.
 * @throws PatchBertError `patchtst/bad-mask`.
 */
export function forecastPatchMask(config: PatchTSTConfig, order: ArrayLike<number>): Uint8Array {
  const { masking, channels } = config;
  const { patchCount } = seriesLayout(config);
  const tooMany = masking.patches.find((count) => count >= patchCount);
  if (tooMany !== undefined) {
    throw new PatchBertError(
      'patchtst/bad-mask',
      `forecastPatchMask: ${tooMany} of ${patchCount} patches are to be hidden; leave at least one to be seen.`,
    );
  }
  const batch = order.length;
  const share = Math.floor(batch / masking.patches.length);
  const remainder = batch - share * masking.patches.length;
  const hidden = masking.patches.flatMap((count, i) =>
    Array.from({ length: share + (i === 0 ? remainder : 0) }, () => count),
  );
  const mask = new Uint8Array(batch * channels * patchCount);
  for (let row = 0; row < batch * channels; row++) {
    const count = hidden[order[Math.floor(row / channels)]!]!;
    mask.fill(1, (row + 1) * patchCount - count, (row + 1) * patchCount);
  }
  return showUnmasked(config, mask);
}

/**
 * Patches with the hidden ones filled with `masking.value`.
 *
 * @param patches `[B, C, N, P]`, from `prepareSeries`.
 * @param mask `[B*C*N]`, 1 = hidden.
 * @throws PatchBertError `patchtst/bad-mask` when the mask is not one of these patches.
 */
export function hidePatches(
  config: PatchTSTConfig,
  patches: HostTensor,
  mask: ArrayLike<number>,
): HostTensor {
  const length = config.patchLength;
  const count = patches.data.length / length;
  if (mask.length !== count) {
    throw new PatchBertError(
      'patchtst/bad-mask',
      `hidePatches: the mask has ${mask.length} marks; patches of shape [${patches.shape.join(', ')}] need ${count}.`,
    );
  }
  const masked = Float32Array.from(patches.data);
  for (let patch = 0; patch < count; patch++) {
    if (mask[patch]) masked.fill(config.masking.value, patch * length, (patch + 1) * length);
  }
  return float32Tensor(masked, patches.shape);
}

function showUnmasked(config: PatchTSTConfig, mask: Uint8Array): Uint8Array {
  const { channels, masking } = config;
  const { patchCount } = seriesLayout(config);
  for (let row = 0; row < mask.length / patchCount; row++) {
    if (masking.unmaskedChannels.includes(row % channels))
      mask.fill(0, row * patchCount, (row + 1) * patchCount);
  }
  return mask;
}
