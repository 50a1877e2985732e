import { env } from 'node:process';
import type { Device } from './backend-kinds.ts';

/**
 * Sets what TensorFlow reads from the environment when it loads. These are only defaults: whoever sets a variable decides.
 *
 * TensorFlow is quiet: what it throws says enough, and the command's `status` shows its log. oneDNN is off, for its note comes
 * before any log level is read; the benchmark's step had the same loss to the last bit with it, and was about an eighth faster.
 * On a GPU, float32 is float32 (not TF32, with a mantissa of 10 bits), the same step gives the same bits twice, and memory is taken
 * as needed in place of all there is.
 */
export function setTensorflowDefaults(device: Device): void {
  env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  if (device === 'CPU') return;
  env.NVIDIA_TF32_OVERRIDE ??= '0';
  env.TF_DETERMINISTIC_OPS ??= '1';
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
}
