import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernel names under which a tfjs backend may register a fused form of a primitive; where it does not, plain
 * tfjs ops run instead, with the same gradient.
 *
 * - `layerNorm`: inputs `{x [..., D], scale [D], offset [D]}`, attributes `{epsilon}`, outputs
 *   `[y [..., D], mean [..., 1], inverseStandardDeviation [..., 1]]`.
 * - `gelu`: inputs `{x}`, outputs `[y]`, the exact (erf) form.
 */
export const FUSED_KERNELS = { layerNorm: 'PatchbertLayerNorm', gelu: 'PatchbertGelu' } as const;

/**
 * Runs `kernelName` where the current tfjs backend has registered it, and `plain` everywhere else.
 *
 * @returns the kernel's outputs, in its order.
 * @example
 * const [y] = runFused(FUSED_KERNELS.gelu, { x }, {}, () => [plainGelu(x)]);
 */
export function runFused(
  kernelName: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, number | boolean | string>>,
  plain: () => tf.Tensor[],
): tf.Tensor[] {
  if (tf.getKernel(kernelName, tf.getBackend()) === undefined) return plain();
  const outputs: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(kernelName, { ...inputs }, { ...attributes });
  return Array.isArray(outputs) ? outputs : [outputs];
}
