import type { Device } from '../engine/backend-kinds.ts';
import type { TensorflowPackageName } from '../engine/tensorflow-package.ts';

/** The TensorFlow that the command installs: its C API is the one that tfjs-node 4.22 was tried with. */
export const TENSORFLOW_VERSION = '2.21.0';

/** The tfjs-node that the binding is built for. */
export const TFJS_NODE_VERSION = '4.22.0';

/** The Python whose wheel is taken. Python never loads it, so any that there is a wheel for will do. */
export const WHEEL_PYTHON = '3.11';

/** What is installed for one device: which libraries, for which npm package, and how large they are. */
export interface Libraries {
  readonly device: Device;
  readonly npmPackage: TensorflowPackageName;
  /** Name of the Python package whose wheel holds TensorFlow. */
  readonly wheel: 'tensorflow' | 'tensorflow-cpu';
  /** Megabytes (10^6) to download, and of the folder they are unpacked to. */
  readonly download: number;
  readonly unpacked: number;
  /** The same of the CUDA libraries, where there are any. */
  readonly cuda?: { readonly download: number; readonly unpacked: number };
}

/** The libraries for the CPU. */
export const cpuLibraries: Libraries = {
  device: 'CPU',
  npmPackage: '@tensorflow/tfjs-node',
  wheel: 'tensorflow-cpu',
  download: 274,
  unpacked: 853,
};

/** The libraries for an NVIDIA GPU. */
export const gpuLibraries: Libraries = {
  device: 'GPU',
  npmPackage: '@tensorflow/tfjs-node-gpu',
  wheel: 'tensorflow',
  download: 572,
  unpacked: 1260,
  cuda: { download: 2810, unpacked: 4420 },
};
