/** What does not change with the machine: how a backend is installed and where it can run. Measurements say the rest. */
export interface BackendFacts {
  readonly name: string;
  /** What to install beside the programs, or beside `patchbert` in a project. */
  readonly install: string;
  readonly platforms: string;
}

const nothing = 'comes along';

/** The backends of the programs, in their order. */
export const backendFacts: readonly BackendFacts[] = [
  { name: 'onnx-cpu', install: nothing, platforms: 'Node: Linux, macOS, Windows; x64, arm64' },
  {
    name: 'onnx-webgpu',
    install: nothing,
    platforms: 'Node: Linux, macOS, Windows with a graphics card; pages with WebGPU',
  },
  {
    name: 'onnx-cuda',
    install: '`npm rebuild onnxruntime-node` with scripts allowed, CUDA 12, cuDNN 9',
    platforms: 'Node: Linux x64 with an NVIDIA card',
  },
  { name: 'onnx-coreml', install: nothing, platforms: 'Node: macOS' },
  { name: 'onnx-directml', install: nothing, platforms: 'Node: Windows' },
  { name: 'onnx-wasm', install: nothing, platforms: 'pages' },
  {
    name: 'tfjs-node-gpu',
    install:
      '`npm install @tensorflow/tfjs-node-gpu@4.22.0 --ignore-scripts`, `npx patchbert-node-gpu install`',
    platforms: 'Node: Linux x64 with an NVIDIA card',
  },
  {
    name: 'tfjs-node-cpu',
    install:
      '`npm install @tensorflow/tfjs-node@4.22.0 --ignore-scripts`, `npx patchbert-node-gpu install --cpu`',
    platforms: 'Node: Linux x64',
  },
  {
    name: 'tfjs-webgpu',
    install: '`npm install webgpu@0.6.2`; in a page nothing',
    platforms: 'Node: Linux, macOS, Windows with a graphics card; pages with WebGPU',
  },
  { name: 'tfjs-webgl', install: nothing, platforms: 'pages with WebGL 2' },
  { name: 'tfjs-cpu', install: nothing, platforms: 'Node and pages, anywhere' },
];
