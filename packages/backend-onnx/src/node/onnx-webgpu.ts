import { platform } from 'node:process';
import { webgpuForms } from '@patchbert/onnx';
import { defineDeviceBackend } from './define-device-backend.ts';

const interfaces: Readonly<Record<string, string>> = { win32: 'Direct3D 12', darwin: 'Metal' };

/**
 * ONNX Runtime on a graphics card of any vendor, in Node: its WebGPU provider over Vulkan, Direct3D 12 or Metal, which is
 * inside the npm package. The state stays on the device.
 *
 * @example
 * const backend = await onnxWebgpu.create();
 */
export const onnxWebgpu = defineDeviceBackend({
  name: 'onnx-webgpu',
  provider: 'webgpu',
  device: interfaces[platform] ?? 'Vulkan',
  trains: true,
  precision: 'float32',
  forms: webgpuForms,
  keepsState: true,
  notListed: 'the binary of ONNX Runtime for this platform comes without WebGPU.',
  hint:
    platform === 'linux'
      ? "Install the card's Vulkan driver and the Vulkan loader (libvulkan.so.1; Debian's package is libvulkan1)."
      : "Update the card's driver.",
  lost: /\blost\b/i,
});
