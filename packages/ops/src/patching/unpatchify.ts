import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { mergePatches } from './cut-and-merge.ts';
import { coveredLength, type PatchLayout } from './patch-layout.ts';

/**
 * Joins patches back into series; where patches overlap, their mean. Dropped points stay absent and padding
 * stays in front, so the result has `(N-1)*stride+P` points and ends with the context.
 *
 * @param patches `[S, N, P]`.
 * @returns `[S, (N-1)*stride+P]`; differentiable.
 * @throws PatchBertError `ops/shape-mismatch`; `ops/gaps-between-patches` when the stride is longer than a patch.
 * @example
 * const series = unpatchify(patchify(x, layout), layout);
 */
export function unpatchify(patches: tf.Tensor3D, layout: PatchLayout): tf.Tensor2D {
  const { patchCount, patchLength, patchStride } = layout;
  const [series, count, length] = patches.shape;
  if (count !== patchCount || length !== patchLength) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `unpatchify: patches are [${patches.shape}]; expected [series, ${patchCount}, ${patchLength}].`,
    );
  }
  if (patchStride > patchLength) {
    throw new PatchBertError(
      'ops/gaps-between-patches',
      `unpatchify: patchStride ${patchStride} leaves points between patches of ${patchLength} that no patch holds; use a stride of at most ${patchLength}.`,
    );
  }
  return tf.tidy(() => {
    if (patchStride === patchLength) return tf.reshape(patches, [series, count * length]); // [S, N, P] -> [S, N*P]
    const shares = Float32Array.from(patchesPerPoint(layout), (patchesHere) => 1 / patchesHere);
    return tf.mul(mergePatches(patches, layout), tf.tensor2d(shares, [1, shares.length])) as tf.Tensor2D;
  });
}

function patchesPerPoint(layout: PatchLayout): Float32Array {
  const count = new Float32Array(coveredLength(layout));
  for (let n = 0; n < layout.patchCount; n++) {
    for (let i = 0; i < layout.patchLength; i++) count[n * layout.patchStride + i]! += 1;
  }
  return count;
}
