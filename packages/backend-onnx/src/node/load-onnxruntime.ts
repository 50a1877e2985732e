import { env } from 'node:process';

/** onnxruntime-node, once it is loaded. */
export type NodeOnnxruntime = typeof import('onnxruntime-node');

/**
 * Loads onnxruntime-node with its telemetry off: since 1.30 its Linux binary reports use to its maker unless this variable
 * is set before it loads, and leaves files in the folder for temporary ones. Whoever sets the variable decides.
 */
export async function loadOnnxruntime(): Promise<NodeOnnxruntime> {
  env.ORT_DISABLE_TELEMETRY ??= '1';
  return import('onnxruntime-node');
}
