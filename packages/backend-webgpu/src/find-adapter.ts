import * as tf from '@tensorflow/tfjs-core';
import { loadDawn } from './load-dawn.ts';

/** A graphics card that WebGPU offers, and the object it was asked of. */
export interface FoundAdapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

/** Asks the browser, or Dawn in Node, for the fastest graphics card; or says what the user can do about there being none. */
export async function findAdapter(): Promise<FoundAdapter | { readonly reason: string }> {
  const inPage = globalThis.navigator?.gpu;
  if (inPage !== undefined) return askFor(inPage, noAdapterInPage);
  if (tf.device_util.isBrowser()) {
    return { reason: globalThis.isSecureContext === false ? insecurePage : noWebgpuInPage };
  }
  const dawn = await loadDawn();
  return 'reason' in dawn ? dawn : askFor(dawn.gpu, noAdapterInNode);
}

async function askFor(gpu: GPU, otherwise: string): Promise<FoundAdapter | { readonly reason: string }> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter === null ? { reason: otherwise } : { gpu, adapter };
}

const insecurePage =
  'browsers offer WebGPU to secure pages only; open this one through https or from localhost.';
const noWebgpuInPage =
  'this browser offers no WebGPU; take one that does (Chrome or Edge 113, Safari 26, Firefox 141 or newer), or choose tfjs-webgl.';
const noAdapterInPage =
  'the browser offers no graphics card to WebGPU; allow hardware acceleration in its settings, or choose tfjs-webgl.';
const noAdapterInNode =
  "Dawn finds no graphics card it can use; install the card's driver (on Linux its Vulkan driver and the package libvulkan1: " +
  'vulkaninfo lists what is there), or choose onnx-cpu.';
