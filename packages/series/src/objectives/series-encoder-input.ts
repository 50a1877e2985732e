import type { EncoderInput } from '@patchbert/encoder';
import type { Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';

/** Prefix of the batch entries that hold dropout masks. */
export const DROPOUT_PREFIX = 'dropout.';

/** The encoder's inputs out of a batch of whole series: `patches`, the places they stand at, dropout masks. */
export function seriesEncoderInput(batch: Tensors): EncoderInput {
  const { patches, placeIndex, placeRestore, placeHidden } = batch;
  const dropout = Object.entries(batch).filter(([name]) => name.startsWith(`${DROPOUT_PREFIX}encoder.`));
  return {
    patches: patches as tf.Tensor3D,
    ...(placeIndex &&
      placeRestore &&
      placeHidden && {
        places: { visibleIndex: placeIndex, restoreIndex: placeRestore, masked: placeHidden },
      }),
    ...(dropout.length > 0 && {
      dropoutMasks: Object.fromEntries(
        dropout.map(([name, mask]) => [name.slice(DROPOUT_PREFIX.length), mask]),
      ),
    }),
  };
}
