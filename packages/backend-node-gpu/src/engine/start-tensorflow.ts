import type { EagerEngine } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { TensorflowBackendName } from './backend-kinds.ts';
import { cudaVersion } from './cuda-version.ts';
import { openTensorflow } from './open-tensorflow.ts';
import { deviceOf, packageOf, TENSORFLOW, type TensorflowEngine } from './tensorflow-engine.ts';
import { findTensorflowPackage } from './tensorflow-package.ts';

/**
 * The engine of a backend, with what it runs on.
 *
 * @throws PatchBertError `backend/unavailable` with the reason.
 */
export function startTensorflow(backend: TensorflowBackendName): EagerEngine {
  const opened = openTensorflow(backend);
  if ('reason' in opened) {
    throw new PatchBertError('backend/unavailable', `backend "${backend}" cannot run here: ${opened.reason}`);
  }
  return {
    tfjsBackend: TENSORFLOW,
    capabilities: { trains: true, precision: 'float32', engine: describe(opened.engine) },
  };
}

/** Such as `TensorFlow 2.21.0 on the CPU, @tensorflow/tfjs-node 4.22.0`. */
function describe(engine: TensorflowEngine): string {
  const name = packageOf(engine);
  const version = findTensorflowPackage(name, import.meta.url)?.version;
  const cuda = engine.isUsingGpuDevice ? cudaVersion() : undefined;
  return [
    `TensorFlow ${engine.binding.TF_Version} on the ${deviceOf(engine)}`,
    ...(cuda === undefined ? [] : [`CUDA ${cuda}`]),
    version === undefined ? name : `${name} ${version}`,
  ].join(', ');
}
