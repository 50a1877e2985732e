import type { Backend, BackendAdapter, Program } from '@patchbert/backend';
import { type MeasuredRun, measureBackend, selfTest } from '@patchbert/backend-contract';
import { median } from '../median.ts';
import { type StepProblem, type StepSize, stepProblem } from '../step/problem.ts';
import type { MeasuredBackend } from './measured-backend.ts';

/** A step that plain JavaScript takes about a second for, so that engines in software end as well. */
const size: StepSize = { preset: 'small', series: 16 };

const rounds = 5;
/** Steps of a round end after this many milliseconds, but one is done. */
const roundMilliseconds = 2000;

/**
 * Measures what a backend does: its errors against the float64 reference after one and after twenty training steps, of
 * pretraining and of forecasting, and the time of a step beside that of `baseline`, in alternating rounds. Runs in Node and in a
 * page.
 */
export async function measureOne(
  adapter: BackendAdapter,
  baseline: BackendAdapter,
): Promise<MeasuredBackend> {
  const backend = await adapter.create();
  const { capabilities } = backend;
  try {
    const { engine, precision, trains } = capabilities;
    const facts = { name: adapter.name, engine, precision, trains };
    if (!trains) {
      const { largestError } = await selfTest(adapter, { steps: 1 });
      return { ...facts, errorAfterOneStep: largestError };
    }
    const { pretraining, forecasting } = await measureBackend(adapter);
    const after = (steps: number) =>
      Math.max(...[pretraining, forecasting].map((run) => errorAfter(run, steps)));
    const other = await baseline.create();
    try {
      const [milliseconds, baselineMilliseconds] = await timesInTurn(backend, other);
      return {
        ...facts,
        errorAfterOneStep: after(1),
        errorAfterTwentySteps: after(20),
        milliseconds,
        baselineMilliseconds,
      };
    } finally {
      await other.dispose();
    }
  } finally {
    await backend.dispose();
  }
}

function errorAfter({ errors }: MeasuredRun, steps: number): number {
  const { outputs, state } = errors.find((error) => error.steps === steps)!;
  return Math.max(outputs, state);
}

/** Medians over rounds of each backend's median step. */
async function timesInTurn(...backends: readonly [Backend, Backend]): Promise<readonly [number, number]> {
  const problem = stepProblem('visible-only-0.4', size);
  const programs: Program[] = [];
  for (const backend of backends) programs.push(await warmProgram(backend, problem));
  const medians: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [index, program] of programs.entries())
      medians[index]!.push(await medianStep(program, problem));
  }
  for (const program of programs) program.dispose();
  return [median(medians[0]), median(medians[1])];
}

async function warmProgram(
  backend: Backend,
  { step, signature, state, batch }: StepProblem,
): Promise<Program> {
  const program = await backend.compile(step, signature);
  await program.writeState(state);
  for (let index = 0; index < 2; index++) await program.run(batch);
  return program;
}

async function medianStep(program: Program, { batch }: StepProblem): Promise<number> {
  const times: number[] = [];
  const begin = performance.now();
  while (times.length < 20 && performance.now() - begin < roundMilliseconds) {
    const start = performance.now();
    await program.run(batch);
    times.push(performance.now() - start);
  }
  return median(times);
}
