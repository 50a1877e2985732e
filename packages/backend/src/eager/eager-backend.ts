import { PatchBertError } from '@patchbert/errors';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend, Capabilities, Program } from '../contract.ts';
import { ensureGradients } from '../gradients.ts';
import { createEagerProgram } from './eager-program.ts';

export interface EagerBackendOptions {
  /** Name users choose it by, such as `tfjs-cpu`. */
  readonly name: string;
  /** Name under which tfjs registered the engine, such as `cpu`. */
  readonly tfjsBackend: string;
  readonly capabilities: Capabilities;
}

/**
 * A backend over a registered tfjs backend: each run executes the step op by op inside `tf.tidy` and keeps the returned
 * state on the device. The step's ops always run on this engine, whatever backend is current outside.
 *
 * @throws PatchBertError `backend/unavailable` when tfjs cannot start the engine.
 */
export async function createEagerBackend(options: EagerBackendOptions): Promise<Backend> {
  await ensureGradients();
  if (tf.findBackendFactory(options.tfjsBackend) === null) {
    throw new PatchBertError(
      'backend/unavailable',
      `${options.name}: tfjs has no backend "${options.tfjsBackend}" registered; import the package that registers it.`,
    );
  }
  const programs = new Set<Program>();
  let disposed = false;
  return {
    name: options.name,
    capabilities: options.capabilities,
    async compile(step, signature) {
      if (disposed) throw new PatchBertError('backend/disposed', `${options.name}: compile after dispose.`);
      const program = createEagerProgram(options.tfjsBackend, step, signature, () =>
        programs.delete(program),
      );
      programs.add(program);
      return program;
    },
    async dispose() {
      disposed = true;
      for (const program of programs) program.dispose();
    },
  };
}
