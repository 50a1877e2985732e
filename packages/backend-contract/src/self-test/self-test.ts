import type { Backend, BackendAdapter } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { HALF_PRECISION, ONE_STEP, toleranceAfter } from '../comparison/tolerances.ts';
import { forwardPass } from '../training/forward-pass.ts';
import { pretrainingRun } from '../training/pretraining-run.ts';
import { createReferencePath } from '../training/reference-path.ts';
import type { TrainingRun } from '../training/training-run.ts';
import { measureRun } from './measure-run.ts';

export interface SelfTestOptions {
  /** Training steps. Default 3. */
  readonly steps?: number;
}

/** What a self-test of a backend found. */
export interface SelfTestResult {
  readonly backend: string;
  readonly engine: string;
  readonly precision: string;
  readonly steps: number;
  /** Loss of the last step. */
  readonly loss: number;
  /**
   * After the last step, over loss, gradient norm and state: the largest difference from the float64 reference, as a share of
   * the largest number of the tensor it is in.
   */
  readonly largestError: number;
  readonly tolerance: number;
  /** Whether the largest error is within the tolerance. */
  readonly passed: boolean;
  readonly compileMilliseconds: number;
  /** Mean over the steps after the first, which may have to warm up. */
  readonly millisecondsPerStep: number;
}

/**
 * Runs a few steps of pretraining a tiny model on a backend and compares loss, parameters and optimiser moments with the
 * float64 reference: whether this backend computes here what it should. Takes about a second on a processor.
 *
 * A backend that is not fit for training (`capabilities.trains`) is held to losses and predictions alone.
 *
 * @throws PatchBertError `backend/bad-option`, `backend/unavailable` and what else the backend throws.
 * @example
 * const { passed, largestError } = await selfTest(tfjsCpu);
 */
export async function selfTest(
  adapter: BackendAdapter,
  { steps = 3 }: SelfTestOptions = {},
): Promise<SelfTestResult> {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new PatchBertError(
      'backend/bad-option',
      `selfTest: steps is ${steps}; expected a whole number >= 1.`,
    );
  }
  const backend = await adapter.create();
  try {
    return await testBackend(backend, steps);
  } finally {
    await backend.dispose();
  }
}

async function testBackend(backend: Backend, steps: number): Promise<SelfTestResult> {
  const { trains, engine, precision } = backend.capabilities;
  const training = pretrainingRun({ corruption: 'visible-only', gaps: true, dropout: 0 });
  const run: TrainingRun = trains ? training : forwardPass(training);
  const { loss, errors, compileMilliseconds, millisecondsPerStep } = await measureRun(
    backend,
    run,
    createReferencePath(run),
    [steps],
  );
  const largestError = Math.max(...errors.map(({ outputs, state }) => Math.max(outputs, state)));
  const tolerance = trains ? toleranceAfter(steps) : precision === 'float16' ? HALF_PRECISION : ONE_STEP;
  return {
    ...{ backend: backend.name, engine, precision, steps, loss },
    ...{ largestError, tolerance, passed: largestError <= tolerance },
    ...{ compileMilliseconds, millisecondsPerStep },
  };
}
