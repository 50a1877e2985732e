import * as tf from '@tensorflow/tfjs-core';
import { backendKinds, type Device, type TensorflowBackendName } from './backend-kinds.ts';
import { correctRound } from './correct-round.ts';
import { loadTensorflow } from './load-tensorflow.ts';
import { reasons } from './reasons.ts';
import { deviceOf, loadedTensorflow, type TensorflowEngine } from './tensorflow-engine.ts';
import { setTensorflowDefaults } from './tensorflow-environment.ts';
import { findBinding, findTensorflowPackage, type TensorflowPackage } from './tensorflow-package.ts';

/** TensorFlow, loaded and on the device asked for, or why it is not to be had and what the user can do about it. */
export type OpenedTensorflow = { readonly engine: TensorflowEngine } | { readonly reason: string };

/**
 * Loads TensorFlow for a backend, unless this process has: a process holds one TensorFlow, for a second library of that name
 * would be linked to the first.
 */
export function openTensorflow(backend: TensorflowBackendName): OpenedTensorflow {
  const { device, packages } = backendKinds[backend];
  const loaded = loadedTensorflow();
  if (loaded !== undefined && deviceOf(loaded) === device) return opened(loaded);
  const chosen = choosePackage(packages);
  if (chosen === undefined) return { reason: reasons.absent(backend) };
  if (loaded !== undefined) return { reason: reasons.otherDevice(backend, loaded, chosen) };
  const reason = load(backend, chosen, device);
  if (reason !== undefined) return { reason };
  const engine = loadedTensorflow();
  if (engine === undefined) return { reason: reasons.twoCores(chosen) };
  if (deviceOf(engine) !== device) return { reason: reasons.otherDevice(backend, engine, chosen) };
  return opened(engine);
}

function opened(engine: TensorflowEngine): OpenedTensorflow {
  correctRound();
  return { engine };
}

/** The first installed package that has its native binding, or else the first one installed. */
function choosePackage(names: readonly TensorflowPackage['name'][]): TensorflowPackage | undefined {
  const installed = names.flatMap((name) => findTensorflowPackage(name, import.meta.url) ?? []);
  return installed.find(({ folder }) => findBinding(folder) !== undefined) ?? installed[0];
}

/** Loads an installed package; returns why that failed. */
function load(backend: TensorflowBackendName, chosen: TensorflowPackage, device: Device): string | undefined {
  if (chosen.version !== tf.version_core) return reasons.wrongVersion(chosen);
  if (findBinding(chosen.folder) === undefined) return reasons.notBuilt(backend, chosen);
  setTensorflowDefaults(device);
  try {
    loadTensorflow(chosen);
    return undefined;
  } catch (error) {
    return reasons.notLoaded(backend, chosen, error);
  }
}
