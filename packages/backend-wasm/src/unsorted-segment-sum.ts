import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers the one kernel that tfjs-wasm lacks and that gradients need: the gradient of `gather` adds up rows that were taken
 * several times. Does nothing where there is one already.
 */
export function registerUnsortedSegmentSum(): void {
  if (tf.getKernel(tf.UnsortedSegmentSum, 'wasm') !== undefined) return;
  tf.registerKernel({
    kernelName: tf.UnsortedSegmentSum,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
      return unsortedSegmentSum(backend as BackendWasm, inputs.x!, inputs.segmentIds!, numSegments);
    },
  });
}

/** Sums the rows of `x` that have the same number: `[N, ...] -> [numSegments, ...]`. Rows with numbers beyond those are dropped. */
function unsortedSegmentSum(
  backend: BackendWasm,
  x: tf.TensorInfo,
  segmentIds: tf.TensorInfo,
  numSegments: number,
): tf.TensorInfo {
  const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], x.dtype);
  // Taken after the allocation, which may move the heap.
  const [rows, ids, sums] = [x, segmentIds, out].map((info) => backend.typedArrayFromHeap(info));
  sums!.fill(0);
  const width = rows!.length / x.shape[0]!;
  ids!.forEach((id, row) => {
    if (id < 0 || id >= numSegments) return;
    for (let column = 0; column < width; column++) {
      sums![id * width + column]! += rows![row * width + column]!;
    }
  });
  return out;
}
