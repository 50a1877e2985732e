import { env } from 'node:process';
import type { Device } from './backend-kinds.ts';

/**
 * Sets what TensorFlow reads from the environment when it loads. Whoever sets a variable decides; these are only defaults:
 * no notes about the processor on every start, and on a GPU float32 that is float32 (not TF32, with a mantissa of 10 bits),
 * the same bits twice, and memory that grows with need, in place of all there is.
 */
export function setTensorflowDefaults(device: Device): void {
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (device === 'CPU') return;
  env.NVIDIA_TF32_OVERRIDE ??= '0';
  env.TF_DETERMINISTIC_OPS ??= '1';
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
}
