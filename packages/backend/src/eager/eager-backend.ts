import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend, Capabilities, Program } from '../contract.ts';
import { ensureGradients } from '../gradients.ts';
import { createEagerProgram } from './eager-program.ts';
import { rehearse } from './rehearse.ts';

/** A tfjs engine that is loaded and registered. */
export interface EagerEngine {
  /** Name under which tfjs registered the engine, such as `cpu`. */
  readonly tfjsBackend: string;
  readonly capabilities: Capabilities;
  /** Why the device is gone, once it is (a lost WebGL context, a lost WebGPU device). */
  readonly deviceLost?: () => string | undefined;
}

export interface EagerBackendOptions extends EagerEngine {
  /** Name users choose it by, such as `tfjs-cpu`. */
  readonly name: string;
}

/**
 * A backend over a registered tfjs backend: each run executes the step op by op inside `tf.tidy` and keeps the returned
 * state on the device. The step's ops always run on this engine, whatever backend is current outside.
 *
 * Compiling rehearses the step once on zeros, so that a missing kernel or a wrong step shows before training begins, and
 * engines that build their programs on first use have done so.
 *
 * @throws PatchBertError `backend/unavailable` when tfjs cannot start the engine.
 */
export async function createEagerBackend(options: EagerBackendOptions): Promise<Backend> {
  const { name, tfjsBackend, capabilities } = options;
  await ensureGradients();
  // Without it tfjs prints a banner about tfjs-node on first use in Node.
  tf.enableProdMode();
  if (tf.findBackendFactory(tfjsBackend) === null) {
    throw new PatchBertError(
      'backend/unavailable',
      `${name}: tfjs has no backend "${tfjsBackend}" registered; import the package that registers it.`,
    );
  }
  const programs = new Set<Program>();
  let disposed = false;
  return {
    name,
    capabilities,
    async compile(step, signature) {
      if (disposed) throw new PatchBertError('backend/disposed', `${name}: compile after dispose.`);
      await rehearse(options, step, signature);
      const program = createEagerProgram(options, step, signature, () => programs.delete(program));
      programs.add(program);
      return program;
    },
    async dispose() {
      disposed = true;
      for (const program of programs) program.dispose();
    },
  };
}
