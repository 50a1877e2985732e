import { type BackendAdapter, tfjsCpu } from '@patchbert/backend';
import { adapters as nodeGpuAdapters } from '@patchbert/backend-node-gpu';
import { adapters as onnxAdapters, onnxCpu } from '@patchbert/backend-onnx';

/** The backends that come with the programs, the default first. Each loads its engine when it is asked for. */
export const adapters: readonly BackendAdapter[] = [...onnxAdapters, ...nodeGpuAdapters, tfjsCpu];

export const defaultBackend = onnxCpu.name;
