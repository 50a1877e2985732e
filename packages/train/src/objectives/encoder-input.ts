import type { EncoderInput } from '@patchbert/encoder';
import type { Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';

/** Prefix of the batch entries that hold dropout masks. */
export const DROPOUT_PREFIX = 'dropout.';

/** Picks the encoder's inputs out of a batch; what a batch lacks stays absent. */
export function encoderInput(batch: Tensors): EncoderInput {
  const { patches, tokenMask, keyMask, visibleIndex, restoreIndex, masked } = batch;
  const dropout = Object.entries(batch).filter(([name]) => name.startsWith(`${DROPOUT_PREFIX}encoder.`));
  return {
    patches: patches as tf.Tensor3D,
    ...(tokenMask && { tokenMask: tokenMask as tf.Tensor3D }),
    ...(keyMask && { keyMask: keyMask as tf.Tensor2D }),
    ...(visibleIndex &&
      restoreIndex &&
      masked && {
        visible: {
          visibleIndex: visibleIndex as tf.Tensor1D,
          restoreIndex: restoreIndex as tf.Tensor1D,
          masked: masked as tf.Tensor3D,
        },
      }),
    ...(dropout.length > 0 && {
      dropoutMasks: Object.fromEntries(
        dropout.map(([name, mask]) => [name.slice(DROPOUT_PREFIX.length), mask]),
      ),
    }),
  };
}
