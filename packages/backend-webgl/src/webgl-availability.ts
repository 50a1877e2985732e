import type { Availability } from '@patchbert/backend';
import * as tf from '@tensorflow/tfjs-core';

/** Whether this is a page or a worker whose browser offers WebGL2, and if not, what would. */
export async function webglAvailability(): Promise<Availability> {
  if (typeof document === 'undefined' && typeof OffscreenCanvas === 'undefined') {
    return {
      available: false,
      reason:
        'it runs in a browser page, where WebGL is; in Node choose onnx-cpu, or tfjs-webgpu for the graphics card.',
    };
  }
  if ('webgl' in tf.engine().registry || offersWebgl2()) return { available: true };
  return {
    available: false,
    reason:
      'this browser offers no WebGL2; allow hardware acceleration in its settings, or choose tfjs-wasm, which needs no graphics card.',
  };
}

function offersWebgl2(): boolean {
  const canvas =
    typeof OffscreenCanvas === 'undefined' ? document.createElement('canvas') : new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2') as WebGL2RenderingContext | null;
  // Browsers give a page only so many contexts: this one is handed back.
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null;
}
