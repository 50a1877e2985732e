export { adapters } from './adapters.ts';
export { tfjsWebgl } from './tfjs-webgl.ts';
