import { type BackendAdapter, tfjsCpu } from '@patchbert/backend';
import { adapters as nodeGpuAdapters } from '@patchbert/backend-node-gpu';
import { adapters as onnxAdapters, onnxCpu } from '@patchbert/backend-onnx';
import { adapters as webglAdapters } from '@patchbert/backend-webgl';
import { adapters as webgpuAdapters } from '@patchbert/backend-webgpu';

/** The backends that come with the programs, the default first. Each loads its engine when it is asked for. */
export const adapters: readonly BackendAdapter[] = [
  ...onnxAdapters,
  ...nodeGpuAdapters,
  ...webgpuAdapters,
  ...webglAdapters,
  tfjsCpu,
];

export const defaultBackend = onnxCpu.name;
