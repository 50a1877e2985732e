import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, platform } from 'node:process';
import { allForms } from '@patchbert/onnx';
import { defineDeviceBackend } from './define-device-backend.ts';

const PROVIDER_FILE = 'libonnxruntime_providers_cuda.so';

/**
 * ONNX Runtime on an NVIDIA card through CUDA 12, in Node on Linux x64. The state is copied to the card and back in every
 * step: onnxruntime-node keeps no tensors in CUDA's memory.
 *
 * @example
 * const backend = await onnxCuda.create();
 */
export const onnxCuda = defineDeviceBackend({
  name: 'onnx-cuda',
  provider: 'cuda',
  device: 'CUDA 12',
  trains: true,
  precision: 'float32',
  forms: allForms,
  keepsState: false,
  notListed: 'ONNX Runtime has CUDA on Linux x64 only; onnx-webgpu runs on NVIDIA cards everywhere.',
  missing: () =>
    existsSync(join(binaries(), PROVIDER_FILE))
      ? undefined
      : `the CUDA files of ONNX Runtime (${PROVIDER_FILE}) are not installed: the install script of onnxruntime-node fetches them from ` +
        'NuGet. Run it: npm rebuild onnxruntime-node, with scripts allowed.',
  hint: "It needs an NVIDIA driver, CUDA 12 and cuDNN 9 on the loader's path.",
  lost: /CUDA failure (700|719)\b|GPU is lost/,
});

/** The folder of the binaries that onnxruntime-node loads here. */
function binaries(): string {
  const bin = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
  return join(bin, readdirSync(bin)[0] ?? '', platform, arch);
}
