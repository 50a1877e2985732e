export { adapters } from './adapters.ts';
export { tfjsWebgpu } from './tfjs-webgpu.ts';
