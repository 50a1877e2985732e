import * as tf from '@tensorflow/tfjs-core';

/**
 * A primitive with a gradient of its own: typed `tf.customGrad`.
 *
 * `forward` runs off the tape; what `backward` needs of it goes through `save`, so that it lives exactly as
 * long as the tape does. `backward` returns one gradient per input, in the same order. The result can be
 * differentiated once: `backward` treats what was saved as constant.
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (save: (tensors: tf.Tensor[]) => void) => T,
  backward: (upstream: T, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const primitive = tf.customGrad<T>((...received) => ({
    value: forward(received[received.length - 1] as tf.GradSaveFunc),
    gradFunc: backward,
  }));
  return primitive(...inputs);
}
