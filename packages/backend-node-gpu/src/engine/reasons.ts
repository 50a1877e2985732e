import { arch, platform } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { backendKinds, type TensorflowBackendName } from './backend-kinds.ts';
import { deviceOf, packageOf, type TensorflowEngine } from './tensorflow-engine.ts';
import type { TensorflowPackage, TensorflowPackageName } from './tensorflow-package.ts';

/** Why a backend of this package cannot run here, each with the cure. */
export const reasons = {
  absent(backend: TensorflowBackendName): string {
    const [name] = backendKinds[backend].packages;
    return `${name} is not installed; run "${npmInstall(name)}", then ${build(backend, name)}.`;
  },
  wrongVersion({ name, version }: TensorflowPackage): string {
    return `${name} ${version} does not fit @tensorflow/tfjs-core ${tf.version_core}; run "${npmInstall(name)}".`;
  },
  notBuilt(backend: TensorflowBackendName, { name, version }: TensorflowPackage): string {
    return `${name} ${version} is installed without its native binding; run ${build(backend, name)}.`;
  },
  notLoaded(backend: TensorflowBackendName, { name }: TensorflowPackage, error: unknown): string {
    const cause = (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/\.$/, '');
    return (
      `the native binding of ${name} does not load in Node ${process.versions.node} (${cause}); ` +
      `run ${build(backend, name)} to build it anew.`
    );
  },
  twoCores({ name }: TensorflowPackage): string {
    return (
      `${name} registered itself in another copy of @tensorflow/tfjs-core; install one version only ` +
      '(npm ls @tensorflow/tfjs-core shows the copies).'
    );
  },
  /** TensorFlow runs, but on the device that was not asked for. */
  otherDevice(backend: TensorflowBackendName, engine: TensorflowEngine, { name }: TensorflowPackage): string {
    if (packageOf(engine) !== name) {
      return (
        `this process has loaded ${packageOf(engine)}, which computes on the ${deviceOf(engine)}, and it can hold one ` +
        `TensorFlow only; start ${backend} in a process of its own.`
      );
    }
    const version = engine.binding.TF_Version;
    return backend === 'tfjs-node-gpu'
      ? `TensorFlow ${version} found no CUDA device and fell back to the CPU; "npx patchbert-node-gpu status" says what is ` +
          'missing of NVIDIA driver, CUDA and cuDNN. For the CPU choose tfjs-node-cpu.'
      : `TensorFlow ${version} of ${name} computes on the GPU; choose tfjs-node-gpu, or hide the GPU with ` +
          'CUDA_VISIBLE_DEVICES=-1.';
  },
} as const;

/** What fetches a package; without its install script, which brings a TensorFlow of 2022 and CUDA 11, where we build a newer one. */
function npmInstall(name: TensorflowPackageName): string {
  return `npm install ${buildsHere() ? '--ignore-scripts ' : ''}${name}@${tf.version_core}`;
}

function build(backend: TensorflowBackendName, name: TensorflowPackageName): string {
  return buildsHere()
    ? `"npx patchbert-node-gpu ${backendKinds[backend].install}"`
    : `"npm rebuild ${name} --build-from-source"`;
}

/** Whether the command of this package serves this system. */
function buildsHere(): boolean {
  return platform() === 'linux' && arch() === 'x64';
}
