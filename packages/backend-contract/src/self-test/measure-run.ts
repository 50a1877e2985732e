import type { Backend, Program } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { largestError } from '../comparison/largest-error.ts';
import type { ReferencePath } from '../training/reference-path.ts';
import type { TrainingRun } from '../training/training-run.ts';

/** How far a run is from the float64 reference after some steps: the largest `|difference| / (1 + |expected|)`. */
export interface MeasuredError {
  readonly steps: number;
  /** Of the loss and what else the step puts out. */
  readonly outputs: number;
  /** Of parameters and optimiser moments. */
  readonly state: number;
}

/** A training run on a backend. */
export interface MeasuredRun {
  /** Loss of the last step. */
  readonly loss: number;
  readonly errors: readonly MeasuredError[];
  readonly compileMilliseconds: number;
  /** Mean over the steps after the first, which may have to warm up. */
  readonly millisecondsPerStep: number;
}

/** Runs training steps on a backend and measures its errors after each of the numbers of steps in `after`, ascending. */
export async function measureRun(
  backend: Backend,
  run: TrainingRun,
  path: ReferencePath,
  after: readonly number[],
): Promise<MeasuredRun> {
  const [program, compileMilliseconds] = await timed(() => backend.compile(run.step, run.signature));
  await program.writeState(run.state);
  const errors: MeasuredError[] = [];
  const times: number[] = [];
  let outputs: HostTensors = {};
  for (let step = 1; step <= after.at(-1)!; step++) {
    const batch = run.batchOf(step);
    const [result, milliseconds] = await timed(() => program.run(batch));
    outputs = result;
    times.push(milliseconds);
    if (after.includes(step)) errors.push(await errorsOf(program, outputs, path, step));
  }
  program.dispose();
  return {
    loss: outputs.loss!.data[0]!,
    errors,
    compileMilliseconds,
    millisecondsPerStep: meanOf(times.length > 1 ? times.slice(1) : times),
  };
}

async function errorsOf(
  program: Program,
  outputs: HostTensors,
  path: ReferencePath,
  steps: number,
): Promise<MeasuredError> {
  const expected = await path.after(steps);
  return {
    steps,
    outputs: largestError(outputs, expected.outputs),
    state: largestError(await program.readState(), expected.state),
  };
}

/** The result of an action and the milliseconds it took. */
async function timed<T>(action: () => Promise<T>): Promise<readonly [T, number]> {
  const begin = performance.now();
  const result = await action();
  return [result, performance.now() - begin];
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
