import type { Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** Prefix of the batch entries that hold dropout masks. */
export const DROPOUT_PREFIX = 'dropout.';

/** Looks up the mask of a place, such as `encoder.layers.0.feedForward`; none where nothing is dropped. */
export type DropoutMasks = (place: string) => tf.Tensor | undefined;

/** The masks of a batch: entries `dropout.<place>`. A batch without any drops nothing. */
export function dropoutMasksOf(batch: Tensors): DropoutMasks {
  return (place) => batch[DROPOUT_PREFIX + place];
}

/** Nothing is dropped, as in every prediction. */
export const noDropout: DropoutMasks = () => undefined;

/** `x` times its mask of 0 and 1 / (1 - p) (Srivastava et al. 2014), or as it is. */
export function drop<T extends tf.Tensor>(x: T, masks: DropoutMasks, place: string): T {
  const mask = masks(place);
  return mask === undefined ? x : tf.mul<T>(x, mask);
}
