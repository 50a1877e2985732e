import type { Backend, Program } from '@patchbert/backend';
import { expectWithin } from '../comparison/expectations.ts';
import { ONE_STEP, TWENTY_STEPS } from '../comparison/tolerances.ts';
import { type FollowedRun, longRuns, shortRuns } from '../training/followed-runs.ts';
import type { TrainingRun } from '../training/training-run.ts';
import { type ContractCase, withBackend } from './contract-case.ts';

const LAST = 20;

/** Models, losses, gradients and the optimiser of the real training steps, against the float64 reference. */
export const trainingCases: readonly ContractCase[] = [
  ...[...longRuns, ...shortRuns].map(({ title, forward }) =>
    withBackend(
      `computes loss, predictions and scores as the float64 reference: ${title}`,
      async (backend) => {
        const { run, path } = forward();
        const program = await started(backend, run);
        expectWithin(await program.run(run.batchOf(1)), (await path.after(1)).outputs, ONE_STEP);
      },
    ),
  ),
  ...shortRuns.map((one) =>
    withBackend(`takes a training step as the float64 reference: ${one.title}`, async (backend) => {
      await follow(backend, one, 1);
    }),
  ),
  ...longRuns.map((one) =>
    withBackend(`takes twenty training steps as the float64 reference: ${one.title}`, async (backend) => {
      await follow(backend, one, LAST);
    }),
  ),
];

/** Outputs of every step, and the state (parameters, and gradients in the moments) after the first and the last one. */
async function follow(backend: Backend, { training }: FollowedRun, steps: number): Promise<void> {
  const { run, path } = training();
  const program = await started(backend, run);
  for (let step = 1; step <= steps; step++) {
    const tolerance = step === 1 ? ONE_STEP : TWENTY_STEPS;
    const { outputs, state } = await path.after(step);
    expectWithin(await program.run(run.batchOf(step)), outputs, tolerance, `outputs of step ${step}`);
    if (step > 1 && step < steps) continue;
    expectWithin(await program.readState(), state, tolerance, `state after step ${step}`);
  }
}

async function started(backend: Backend, { step, signature, state }: TrainingRun): Promise<Program> {
  const program = await backend.compile(step, signature);
  await program.writeState(state);
  return program;
}
