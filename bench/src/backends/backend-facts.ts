/** What does not change with the machine: how a backend is installed and where it can run. Measurements say the rest. */
export interface BackendFacts {
  readonly name: string;
  /** What to install beside the programs, or beside `patchbert` in a project. */
  readonly install: string;
  readonly platforms: string;
}

const nothing = 'nothing';
const onnxPage = '`onnxruntime-web@1.30.0`';
const tensorflow = '[TensorFlow in Node](node-gpu.md)';
const anyDesktop = 'Node: Linux, macOS, Windows';
const anywhere = 'Node, pages';

/** The backends of the programs, in their order. */
export const backendFacts: readonly BackendFacts[] = [
  { name: 'onnx-cpu', install: nothing, platforms: anyDesktop },
  {
    name: 'onnx-webgpu',
    install: `${nothing}; in a page ${onnxPage}`,
    platforms: `${anyDesktop}, with any card; pages with WebGPU`,
  },
  {
    name: 'onnx-cuda',
    install: 'CUDA 12, cuDNN 9, `npm rebuild onnxruntime-node`',
    platforms: 'Node: Linux on x64, NVIDIA',
  },
  { name: 'onnx-coreml', install: nothing, platforms: 'Node: macOS' },
  { name: 'onnx-directml', install: nothing, platforms: 'Node: Windows' },
  { name: 'onnx-wasm', install: onnxPage, platforms: 'pages' },
  { name: 'tfjs-node-gpu', install: tensorflow, platforms: 'Node: Linux on x64, NVIDIA' },
  { name: 'tfjs-node-cpu', install: tensorflow, platforms: 'Node: Linux on x64' },
  {
    name: 'tfjs-webgpu',
    install: `\`webgpu@0.6.2\`; in a page ${nothing}`,
    platforms: `${anyDesktop}, with any card; pages with WebGPU`,
  },
  { name: 'tfjs-webgl', install: nothing, platforms: 'pages with WebGL 2' },
  { name: 'tfjs-wasm', install: nothing, platforms: anywhere },
  { name: 'tfjs-cpu', install: nothing, platforms: anywhere },
];
