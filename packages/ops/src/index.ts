export {
  type CorruptedPatches,
  type Corruption,
  type CorruptionInput,
  corruptPatches,
} from './corruption/corrupt-patches.ts';
export { placeMaskToken } from './corruption/place-mask-token.ts';
export { restoreTokens } from './corruption/restore-tokens.ts';
export { takeTokens } from './corruption/take-tokens.ts';
export type { TokenIndex } from './corruption/token-index.ts';
export { type VisibleOrder, visibleOrder } from './corruption/visible-order.ts';
export { crossEntropy } from './losses/cross-entropy.ts';
export {
  type HierarchicalContrastOptions,
  hierarchicalContrast,
} from './losses/hierarchical-contrast.ts';
export { huberLoss } from './losses/huber-loss.ts';
export { type InstanceContrastOptions, instanceContrast } from './losses/instance-contrast.ts';
export { pinballLoss } from './losses/pinball-loss.ts';
export { type SoftTargetsOptions, softTargets } from './losses/soft-targets.ts';
export { spectralLoss } from './losses/spectral-loss.ts';
export { weightedMeanAbsoluteError } from './losses/weighted-mean-absolute-error.ts';
export { weightedMeanSquaredError } from './losses/weighted-mean-squared-error.ts';
export { drawMask } from './masking/draw-mask.ts';
export { maskedPatchCount } from './masking/masked-patch-count.ts';
export { type Masking, maskingSchema } from './masking/masking-schema.ts';
export { type BatchNormaliseOptions, batchNormalise } from './normalisation/batch-normalise.ts';
export {
  type BatchStatistics,
  batchStatistics,
  runningStatistics,
} from './normalisation/batch-statistics.ts';
export { instanceAffine, instanceAffineInverse } from './normalisation/instance-affine.ts';
export {
  type InstanceMoments,
  type InstanceNormaliseOptions,
  instanceDenormalise,
  instanceNormalise,
  type NormalisedInstances,
} from './normalisation/instance-normalise.ts';
export {
  type InstanceRange,
  type InstanceStatistics,
  instanceStatistics,
} from './normalisation/instance-statistics.ts';
export {
  observedPoints,
  type StandardisedSeries,
  type StandardiseOptions,
  standardiseObserved,
} from './normalisation/standardise-observed.ts';
export { subtractExactly } from './normalisation/subtract-exactly.ts';
export {
  type PatchingOptions,
  type PatchLayout,
  patchLayout,
  type RemainderRule,
} from './patching/patch-layout.ts';
export { patchify } from './patching/patchify.ts';
export { patchifySeries } from './patching/patchify-series.ts';
export { unpatchify } from './patching/unpatchify.ts';
export { attentionPool } from './pooling/attention-pool.ts';
export { poolTokens, type TokenPooling } from './pooling/pool-tokens.ts';
export { type SincosOptions, sincosPositions } from './positions/sincos-positions.ts';
export { gelu } from './primitives/gelu.ts';
export { keyBiasFromMask } from './primitives/key-bias-from-mask.ts';
export { layerNorm } from './primitives/layer-norm.ts';
export { linear } from './primitives/linear.ts';
export { FUSED_KERNELS, runFused } from './primitives/run-fused.ts';
export { type Attention, scaledDotProductAttention } from './primitives/scaled-dot-product-attention.ts';
export {
  elementCount,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  int32Tensor,
  scalarTensor,
  type TensorSpec,
  type Tensors,
  type TensorType,
} from './tensors.ts';
