import type { Program } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { optimiserScalars } from '../objectives/training-step.ts';
import type { GradientTransform } from '../optimise/gradient-transform.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { divergedError, notFinite } from './divergence.ts';

export interface FitOptions {
  /** A compiled `trainingStep` whose state is written. */
  readonly program: Program;
  readonly optimiser: GradientTransform;
  /** Learning rate by update index, from 0. */
  readonly schedule: Schedule;
  /** First step to run, from 1; more than 1 when resuming. */
  readonly firstStep: number;
  readonly lastStep: number;
  /** The objective's inputs of a step; called for the next step while the current one runs. */
  readonly makeBatch: (step: number) => HostTensors;
  /** After each step; awaited, so it may read the program's state, validate or save. */
  readonly onStep?: (step: FitStep) => void | Promise<void>;
  /** Stops after the step under way. */
  readonly signal?: AbortSignal | undefined;
  /** Folder of the last good checkpoint, for the message when training diverges. */
  readonly lastCheckpoint?: () => string | undefined;
}

/** What one step reported. */
export interface FitStep {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm?: number;
}

export interface FitResult {
  readonly status: 'finished' | 'interrupted';
  /** Last step done: `firstStep - 1` when none ran. */
  readonly step: number;
  readonly loss?: number;
}

/**
 * Runs training steps one after another. While the device works on a step the host prepares the next batch.
 *
 * @throws PatchBertError `train/diverged` when the loss or the gradient norm is NaN or infinite, with the step, the learning rate,
 * the first tensor of the state that is not finite and the last good checkpoint; `divergenceIn` reads it.
 * @example
 * await fit({ program, optimiser, schedule: constant(1e-3), firstStep: 1, lastStep: 100, makeBatch });
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { program, optimiser, schedule, firstStep, lastStep, makeBatch, onStep, signal } = options;
  const prepare = async (step: number): Promise<HostTensors> =>
    step > lastStep ? {} : { ...makeBatch(step), ...optimiserScalars(optimiser, step, schedule(step - 1)) };
  let batch = await prepare(firstStep);
  let result: FitResult = { status: 'finished', step: firstStep - 1 };
  for (let step = firstStep; step <= lastStep; step++) {
    if (signal?.aborted) return { ...result, status: 'interrupted' };
    const [outputs, next] = await Promise.all([program.run(batch), prepare(step + 1)]);
    const report: FitStep = {
      step,
      loss: scalar(outputs, 'loss')!,
      learningRate: schedule(step - 1),
      ...optional('gradientNorm', scalar(outputs, 'gradientNorm')),
    };
    await requireFinite(report, program, options.lastCheckpoint?.());
    result = { status: 'finished', step, loss: report.loss };
    await onStep?.(report);
    batch = next;
    await letOthersRun();
  }
  return result;
}

/** Backends that compute on this thread never wait for anything: lets signals and timers in, in Node and in a page. */
function letOthersRun(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve);
  });
}

function scalar(outputs: HostTensors, name: string): number | undefined {
  return outputs[name]?.data[0];
}

function optional<K extends string>(name: K, value: number | undefined): { readonly [key in K]?: number } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in K]?: number };
}

async function requireFinite(
  { step, loss, learningRate, gradientNorm = 0 }: FitStep,
  program: Program,
  lastCheckpoint: string | undefined,
): Promise<void> {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  const what = Number.isFinite(loss) ? `the gradient norm is ${gradientNorm}` : `the loss is ${loss}`;
  // Only now: it costs a copy of the whole state. Moments show where a gradient was not finite.
  const layer = notFinite(await program.readState());
  throw divergedError('fit', { step, learningRate, what, layer }, lastCheckpoint);
}
