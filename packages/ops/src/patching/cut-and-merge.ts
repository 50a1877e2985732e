import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../primitives/with-gradient.ts';
import { coveredLength, type PatchLayout } from './patch-layout.ts';

/**
 * Patches of a series of exactly the covered length, at any stride: one flat gather of columns. Its gradient
 * is `mergePatches`.
 */
export function cutPatches(covered: tf.Tensor2D, layout: PatchLayout): tf.Tensor3D {
  return withGradient(
    [covered],
    () => gatherPatches(covered, layout),
    (upstream) => [sumPatches(upstream, layout)],
  );
}

/**
 * Sum of all patches at their places, the adjoint of `cutPatches`: `[S, N, P]` to `[S, (N-1)*stride+P]`.
 * Points in no patch are 0.
 */
export function mergePatches(patches: tf.Tensor3D, layout: PatchLayout): tf.Tensor2D {
  return withGradient(
    [patches],
    () => sumPatches(patches, layout),
    (upstream) => [gatherPatches(upstream, layout)],
  );
}

function gatherPatches(covered: tf.Tensor2D, layout: PatchLayout): tf.Tensor3D {
  const { patchCount, patchLength, patchStride } = layout;
  const columns = new Int32Array(patchCount * patchLength);
  for (let i = 0; i < columns.length; i++) {
    columns[i] = Math.floor(i / patchLength) * patchStride + (i % patchLength);
  }
  const cut = tf.gather(covered, tf.tensor1d(columns, 'int32'), 1); // [S, C] -> [S, N*P]
  return tf.reshape(cut, [covered.shape[0], patchCount, patchLength]); // [S, N*P] -> [S, N, P]
}

/** One gather per layer of overlap: layer k holds, of each point, the k-th newest patch that has it. */
function sumPatches(patches: tf.Tensor3D, layout: PatchLayout): tf.Tensor2D {
  const { patchCount, patchLength, patchStride } = layout;
  const series = patches.shape[0];
  const points = coveredLength(layout);
  const flat = tf.reshape(patches, [series, patchCount * patchLength]); // [S, N, P] -> [S, N*P]
  const source = tf.concat([flat, tf.zeros([series, 1])], 1); // [S, N*P + 1]: the last column is "no patch"
  const layers: tf.Tensor2D[] = [];
  for (let layer = 0; layer < Math.ceil(patchLength / patchStride); layer++) {
    const columns = new Int32Array(points);
    for (let t = 0; t < points; t++) {
      const patch = Math.min(Math.floor(t / patchStride), patchCount - 1) - layer;
      const within = t - patch * patchStride;
      columns[t] =
        patch >= 0 && within < patchLength ? patch * patchLength + within : patchCount * patchLength;
    }
    layers.push(tf.gather(source, tf.tensor1d(columns, 'int32'), 1) as tf.Tensor2D); // [S, N*P + 1] -> [S, C]
  }
  return layers.length === 1 ? layers[0]! : tf.addN(layers);
}
