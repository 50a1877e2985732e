import type { PatchBertError } from '@patchbert/errors';
import { elementCount, type HostTensor, type HostTensors, type TensorSpec } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Signature, Step } from '../contract.ts';
import { whileDeviceLives } from '../device-loss.ts';
import { checkStepResult, checkTrains } from '../step-result.ts';
import { unsupportedKernel } from '../unsupported-kernel.ts';
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
      checkTrains(engine, Object.keys(state));
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
  return kernel === undefined
    ? undefined
    : unsupportedKernel(`backend "${name}" lacks the tfjs kernel "${kernel}" that the step uses.`, kernel, {
        except: tfjsBackend,
        cause: error,
      });
}
