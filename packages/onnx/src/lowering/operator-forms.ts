import { FUSED_KERNELS } from '@patchbert/ops';
import { plainLowerings } from './plain.ts';

/** Which operators the lowering may use; every execution provider has a set of its own. */
export interface OperatorForms {
  /** Operators to do without: in a plainer form where there is one, else a kernel that needs it is refused. */
  readonly lacks: readonly string[];
  /** Kernels of `FUSED_KERNELS` in `@patchbert/ops` that are written as plain operators. */
  readonly unfused: readonly string[];
}

/** `FusedMatMul` of ONNX Runtime: a product of any rank with transposes and a factor. */
export const FUSED_PRODUCT = 'FusedMatMul';

/** Everything ONNX Runtime has: its CPU provider, natively and as WebAssembly, and its CUDA provider. */
export const allForms: OperatorForms = { lacks: [], unfused: [] };

/** The WebGPU provider, in Node and in a page. */
export const webgpuForms: OperatorForms = {
  lacks: [FUSED_PRODUCT, 'ArgMax', 'IsNaN', 'Or', 'Round', 'Sign', 'Sum'],
  unfused: [],
};

/** Operators of ONNX itself alone: for files that others open. */
export const standardForms: OperatorForms = { lacks: [FUSED_PRODUCT], unfused: [FUSED_KERNELS.gelu] };

/** ONNX' plainest operators, for providers that take little beside. */
export const plainForms: OperatorForms = {
  lacks: [FUSED_PRODUCT, ...Object.values(plainLowerings).map(({ operator }) => operator)],
  unfused: Object.values(FUSED_KERNELS),
};
