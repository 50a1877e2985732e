import { FUSED_KERNELS } from '@patchbert/ops';

/** Which operators beside ONNX' plain ones the lowering may use; every execution provider has a set of its own. */
export interface OperatorForms {
  /** `FusedMatMul` of ONNX Runtime: a product of any rank with transposes and a factor. Else transposes of their own. */
  readonly fusedMatMul: boolean;
  /** Kernels of `FUSED_KERNELS` in `@patchbert/ops` that are written as plain operators. */
  readonly unfused: readonly string[];
}

/** Everything ONNX Runtime has: its CPU provider, natively and as WebAssembly, and its CUDA provider. */
export const allForms: OperatorForms = { fusedMatMul: true, unfused: [] };

/** The WebGPU provider, in Node and in a page. */
export const webgpuForms: OperatorForms = { fusedMatMul: false, unfused: [] };

/** ONNX' plain operators only. */
export const plainForms: OperatorForms = { fusedMatMul: false, unfused: Object.values(FUSED_KERNELS) };
