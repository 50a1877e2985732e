import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import { cutPatches } from './cut-and-merge.ts';
import { coveredLength, type PatchLayout } from './patch-layout.ts';

/**
 * Cuts series into patches.
 *
 * Nie et al.: "A time series is worth 64 words", 2022. Without overlap this is a reshape; padding enters as 0.
 *
 * @param x `[S, L]`.
 * @returns `[S, N, P]`; differentiable.
 * @throws PatchBertError `ops/shape-mismatch` when L is not the layout's `contextLength`.
 * @example
 * const patches = patchify(tf.ones([2, 64]), patchLayout({ contextLength: 64, patchLength: 8 })); // [2, 8, 8]
 */
export function patchify(x: tf.Tensor2D, layout: PatchLayout): tf.Tensor3D {
  const [series, length] = x.shape;
  if (x.rank !== 2 || length !== layout.contextLength) {
    throw new PatchBertError(
      'ops/shape-mismatch',
      `patchify: x is [${x.shape}]; expected [series, contextLength] with contextLength ${layout.contextLength}.`,
    );
  }
  return tf.tidy(() => {
    const covered = coverContext(x, layout);
    if (layout.patchStride !== layout.patchLength) return cutPatches(covered, layout);
    return tf.reshape(covered, [series, layout.patchCount, layout.patchLength]); // [S, N*P] -> [S, N, P]
  });
}

/** The points that patches cover: the oldest dropped, or padding before them. */
function coverContext(x: tf.Tensor2D, layout: PatchLayout): tf.Tensor2D {
  if (layout.dropped > 0) return tf.slice2d(x, [0, layout.dropped], [x.shape[0], coveredLength(layout)]);
  if (layout.padded > 0) {
    return tf.pad2d(x, [
      [0, 0],
      [layout.padded, 0],
    ]);
  }
  return x;
}
