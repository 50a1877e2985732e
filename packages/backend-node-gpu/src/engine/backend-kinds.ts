import type { TensorflowPackageName } from './tensorflow-package.ts';

export type Device = 'CPU' | 'GPU';

export type TensorflowBackendName = 'tfjs-node-gpu' | 'tfjs-node-cpu';

/** Where a backend of this package computes and what it is loaded from. */
export interface BackendKind {
  readonly device: Device;
  /** npm packages that it can be loaded from, the one to install first. */
  readonly packages: readonly [TensorflowPackageName, ...TensorflowPackageName[]];
  /** Arguments of the command that builds the native binding. */
  readonly install: string;
}

export const backendKinds: Readonly<Record<TensorflowBackendName, BackendKind>> = {
  'tfjs-node-gpu': { device: 'GPU', packages: ['@tensorflow/tfjs-node-gpu'], install: 'install' },
  'tfjs-node-cpu': {
    device: 'CPU',
    packages: ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
    install: 'install --cpu',
  },
};
