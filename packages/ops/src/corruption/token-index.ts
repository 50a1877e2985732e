import type * as tf from '@tensorflow/tfjs-core';

/** Where visible tokens stand, as tensors: `visibleOrder` of the masks, and the masks themselves. */
export interface TokenIndex {
  /** `[S*V]` int32: row of the flat `[S*N]` tokens that each visible token comes from. */
  readonly visibleIndex: tf.Tensor;
  /** `[S*N]` int32: row of the flat `[S*V]` visible tokens that each token goes back from; any row where hidden. */
  readonly restoreIndex: tf.Tensor;
  /** `[S, N, 1]` float32: 1 where hidden. */
  readonly masked: tf.Tensor;
}
