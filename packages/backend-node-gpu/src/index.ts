export { adapters } from './adapters.ts';
export { tfjsNodeCpu } from './tfjs-node-cpu.ts';
export { tfjsNodeGpu } from './tfjs-node-gpu.ts';
