import { type BackendAdapter, tfjsCpu } from '@patchbert/backend';
import { tfjsNodeCpu, tfjsNodeGpu } from '@patchbert/backend-node-gpu';
import { onnxCpu } from '@patchbert/backend-onnx';
import { tfjsWasm } from '@patchbert/backend-wasm';

/** The engines of this project and of tfjs that a benchmark can run. */
export const engines: readonly BackendAdapter[] = [onnxCpu, tfjsNodeGpu, tfjsNodeCpu, tfjsWasm, tfjsCpu];
