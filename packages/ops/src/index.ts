export { placeMaskToken } from './corruption/place-mask-token.ts';
export { restoreTokens } from './corruption/restore-tokens.ts';
export { takeTokens } from './corruption/take-tokens.ts';
export type { TokenIndex } from './corruption/token-index.ts';
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
