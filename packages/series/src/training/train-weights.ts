import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import {
  adamW,
  averagedWeights,
  averagesIn,
  averagingScalars,
  type FitStep,
  fit,
  type Objective,
  oneCycle,
  optimiserScalars,
  signatureOf,
  trainingStep,
  withAveragedWeights,
} from '@patchbert/train';
import { z } from 'zod';

/** AdamW on a one-cycle schedule; strict, so that a misspelt key is an error. */
export const seriesTrainingSchema = z.strictObject({
  steps: z.int().min(1),
  /** Series per step; fewer when there are not so many, see `batchSizeFor`. */
  batchSize: z.int().min(1).default(32),
  learningRate: z.number().gt(0).default(1e-3),
  weightDecay: z.number().min(0).default(0.05),
  clipNorm: z.number().gt(0).default(1),
  /** Share of the steps in which the rate rises. */
  warmup: z.number().min(0).lt(1).default(0.2),
  /** Share of the steps, the last ones, over which weights are averaged; 0 keeps the last weights. */
  averagedShare: z.number().min(0).lt(1).default(0),
});

export type SeriesTraining = Readonly<z.output<typeof seriesTrainingSchema>>;

/** All that the next steps depend on, besides the options. */
export interface TrainingState {
  readonly parameters: HostTensors;
  /** Moments of the optimiser, and averages of the weights. */
  readonly optimiser: HostTensors;
}

/** How a training is stopped, continued and followed. */
export interface TrainingHooks {
  /** Where an earlier training stopped; the result is that of one that never stopped. */
  readonly resume?: { readonly step: number; readonly state: TrainingState } | undefined;
  /** What the schedule's learning rates are multiplied by. Default 1. */
  readonly rateScale?: number | undefined;
  /** Stop after this step as if interrupted. */
  readonly stopAfter?: number | undefined;
  /** After each step; awaited. `read` fetches the state of that step. */
  readonly onStep?: ((step: FitStep, read: () => Promise<TrainingState>) => void | Promise<void>) | undefined;
  /** Stops after the step under way. */
  readonly signal?: AbortSignal | undefined;
  /** Folder of the last good checkpoint, for the message when training diverges. */
  readonly lastCheckpoint?: (() => string | undefined) | undefined;
}

export interface TrainWeightsOptions extends TrainingHooks {
  readonly backend: Backend;
  readonly loss: Objective['loss'];
  /** Start values. */
  readonly parameters: HostTensors;
  /** Names of those that learn; the others are used as they are. Default: all. */
  readonly trained?: readonly string[];
  readonly training: SeriesTraining;
  /** Inputs of a step, from 1; a pure function. */
  readonly makeBatch: (step: number) => HostTensors;
}

export interface TrainedWeights {
  /** Averaged over the last steps when asked for. */
  readonly parameters: HostTensors;
  readonly status: 'finished' | 'interrupted';
  /** Steps done. */
  readonly step: number;
  /** Loss of the last step; absent when none ran. */
  readonly loss?: number;
  /** To go on with. */
  readonly state: TrainingState;
}

/**
 * Lowers a loss by AdamW over a fixed number of steps and returns the weights, averaged over the last ones when asked for.
 *
 * @throws PatchBertError `train/diverged`.
 */
export async function trainWeights(options: TrainWeightsOptions): Promise<TrainedWeights> {
  const { backend, loss, parameters, training, makeBatch, onStep, signal, resume, rateScale = 1 } = options;
  const { steps, weightDecay, clipNorm, averagedShare } = training;
  const trained = options.trained ?? Object.keys(parameters);
  const learning = Object.fromEntries(trained.map((name) => [name, parameters[name]!]));
  const optimiser = adamW({ weightDecay, clipNorm });
  const averaging =
    averagedShare > 0
      ? ({ kind: 'swa', from: Math.max(1, Math.floor((1 - averagedShare) * steps)) } as const)
      : undefined;
  const plain = trainingStep({ loss }, optimiser, trained);
  const step = averaging ? withAveragedWeights(plain) : plain;
  const state = {
    ...parameters,
    ...optimiser.initialState(learning),
    ...(averaging && averagedWeights(learning)),
    ...resume?.state.parameters,
    ...resume?.state.optimiser,
  };
  const read = async (): Promise<TrainingState> => {
    const entries = Object.entries(await program.readState());
    const part = (isWanted: (name: string) => boolean) =>
      Object.fromEntries(entries.filter(([name]) => isWanted(name)));
    return {
      parameters: part((name) => name in parameters),
      optimiser: part((name) => !(name in parameters)),
    };
  };
  const inputs = (index: number): HostTensors => ({
    ...makeBatch(index),
    ...(averaging && averagingScalars(averaging, index)),
  });
  const program = await backend.compile(
    step,
    signatureOf(state, { ...inputs(1), ...optimiserScalars(optimiser, 1, 0) }),
  );
  try {
    await program.writeState(state);
    const result = await fit({
      program,
      optimiser,
      schedule: trainingSchedule(training, rateScale),
      firstStep: (resume?.step ?? 0) + 1,
      lastStep: Math.min(steps, options.stopAfter ?? steps),
      makeBatch: inputs,
      ...(onStep && { onStep: (report: FitStep) => onStep(report, read) }),
      ...(options.lastCheckpoint && { lastCheckpoint: options.lastCheckpoint }),
      signal,
    });
    const last = await read();
    return {
      parameters: averaging ? { ...last.parameters, ...averagesIn(last.optimiser) } : last.parameters,
      status: result.step === steps ? 'finished' : 'interrupted',
      step: result.step,
      ...(result.loss !== undefined && { loss: result.loss }),
      state: last,
    };
  } finally {
    program.dispose();
  }
}

/** Learning rates by update, from 0. */
export function trainingSchedule(
  { learningRate, steps, warmup }: SeriesTraining,
  rateScale = 1,
): (update: number) => number {
  const schedule = oneCycle({
    maximum: learningRate,
    totalSteps: steps,
    pctStart: warmup,
    divisor: 10,
    finalDivisor: 100,
  });
  return (update) => schedule(update) * rateScale;
}
