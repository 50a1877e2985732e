import { PatchBertError } from '@patchbert/errors';
import { elementCount, type HostTensor, type HostTensors, type TensorSpec } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Signature, Step } from '../contract.ts';
import { checkStepResult } from '../step-result.ts';
import { whileDeviceLives } from './device-loss.ts';
import type { EagerBackendOptions } from './eager-backend.ts';
import { onEngine, startEngine } from './engine.ts';
import { readTensors, runOnce, upload } from './run-once.ts';

/**
 * Runs a step once on zeros and forgets the result: what cannot run on this engine shows now.
 *
 * @throws PatchBertError `backend/unsupported-kernel`, `backend/cannot-train`, `backend/bad-step`, `backend/device-lost`.
 */
export function rehearse(engine: EagerBackendOptions, step: Step, signature: Signature): Promise<void> {
  return whileDeviceLives(engine, 'compile', async () => {
    await startEngine(engine.tfjsBackend);
    const { state, outputs } = rehearsal(engine, step, signature);
    try {
      checkStepResult({ state, outputs }, signature);
      requireTraining(engine, Object.keys(state));
      await readTensors(outputs);
    } finally {
      tf.dispose([...Object.values(state), ...Object.values(outputs)]);
    }
  });
}

function rehearsal({ name, tfjsBackend }: EagerBackendOptions, step: Step, signature: Signature) {
  return onEngine(tfjsBackend, () => {
    const state = Object.entries(zeros(signature.state)).map(
      ([key, tensor]) => [key, upload(tensor)] as const,
    );
    try {
      return runOnce(step, Object.fromEntries(state), zeros(signature.batch));
    } catch (error) {
      throw missingKernel(name, tfjsBackend, error) ?? error;
    } finally {
      tf.dispose(state.map(([, tensor]) => tensor));
    }
  });
}

function zeros(specs: Readonly<Record<string, TensorSpec>>): HostTensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]): [string, HostTensor] => {
      const size = elementCount(shape);
      return dtype === 'int32'
        ? [name, { dtype, shape, data: new Int32Array(size) }]
        : [name, { dtype, shape, data: new Float32Array(size) }];
    }),
  );
}

/** What tfjs says when an engine lacks a kernel. */
const KERNEL_MISSING =
  /Cannot find registered kernel '(\w+)' for backend|Kernel '(\w+)' not registered for backend/;

function missingKernel(name: string, tfjsBackend: string, error: unknown): PatchBertError | undefined {
  const match = error instanceof Error ? KERNEL_MISSING.exec(error.message) : null;
  const kernel = match?.[1] ?? match?.[2];
  if (kernel === undefined) return undefined;
  // An engine below priority 0 is not one to choose: the tracer's computes nothing.
  const others = Object.entries(tf.engine().registryFactory)
    .filter(([other, { priority }]) => other !== tfjsBackend && priority >= 0 && tf.getKernel(kernel, other))
    .map(([other]) => other);
  return new PatchBertError(
    'backend/unsupported-kernel',
    `compile: backend "${name}" lacks the tfjs kernel "${kernel}" that the step uses. ` +
      (others.length > 0
        ? `Engines of tfjs loaded here that have it: ${others.join(', ')}.`
        : 'No engine of tfjs loaded here has it; write the step with other ops.'),
    { cause: error },
  );
}

function requireTraining({ name, capabilities }: EagerBackendOptions, changed: readonly string[]): void {
  if (capabilities.trains || changed.length === 0) return;
  throw new PatchBertError(
    'backend/cannot-train',
    `compile: backend "${name}" (${capabilities.engine}, ${capabilities.precision}) is not fit for training, and the step changes ` +
      `"${changed[0]}". Choose another backend; steps that only read, such as a forecast, run here.`,
  );
}
