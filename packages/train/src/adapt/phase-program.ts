import type { Program } from '@patchbert/backend';
import { drawDropoutMasks, dropoutMaskSpecs, headDropoutMaskSpecs } from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import { signatureOf } from '../batches/signature-of.ts';
import { DROPOUT_PREFIX } from '../objectives/encoder-input.ts';
import { optimiserScalars, trainingStep } from '../objectives/training-step.ts';
import { adamW } from '../optimise/adam-w.ts';
import {
  averagedWeights,
  averagesIn,
  averagingScalars,
  type WeightAveraging,
  withAveragedWeights,
} from '../optimise/averaged-weights.ts';
import type { GradientTransform } from '../optimise/gradient-transform.ts';
import type { AdaptationOptions } from './adaptation-options.ts';
import type { AdaptationPhase } from './adaptation-phases.ts';
import type { AdaptationConfig } from './adaptation-schema.ts';

/** The compiled step of a phase with its state on the device. */
export interface PhaseProgram {
  readonly program: Program;
  /** Counts steps over the whole run; its moments start with the phase. */
  readonly optimiser: GradientTransform;
  /** A step's inputs without the optimiser's scalars, by step of the whole run. */
  readonly makeBatch: (step: number) => HostTensors;
  /** Every parameter as it would be kept now: averages where there are some. */
  readParameters(): Promise<HostTensors>;
}

export async function compilePhase(
  options: AdaptationOptions,
  config: AdaptationConfig,
  phase: AdaptationPhase,
  start: HostTensors,
): Promise<PhaseProgram> {
  const { backend, objective } = options;
  const { weightDecay, clipNorm } = config;
  const { before, trained, rates } = phase;
  const adam = adamW({ weightDecay, rates, ...(clipNorm !== null && { clipNorm }) });
  const optimiser = { ...adam, scalars: (step: number) => adam.scalars(step - before) };
  const averaging = averagingOf(config, phase);
  const trainedStart = Object.fromEntries(trained.map((name) => [name, start[name]!]));
  const state = {
    ...start,
    ...optimiser.initialState(trainedStart),
    ...(averaging && averagedWeights(trainedStart)),
  };
  const makeBatch = (step: number): HostTensors => {
    const batch = options.makeBatch(step);
    return {
      ...batch,
      ...dropoutMasks(options, config, phase, batch, step),
      ...(averaging && averagingScalars(averaging, step - before)),
    };
  };
  const plain = trainingStep(objective, optimiser, trained);
  const step = averaging ? withAveragedWeights(plain) : plain;
  const firstBatch = { ...makeBatch(before + 1), ...optimiserScalars(optimiser, before + 1, 0) };
  const program = await backend.compile(step, signatureOf(state, firstBatch));
  await program.writeState(state);
  const kept = averaging ? Object.keys(averagedWeights(trainedStart)) : trained;
  return {
    program,
    optimiser,
    makeBatch,
    readParameters: async () => {
      const now = await program.readState(kept);
      return { ...start, ...(averaging ? averagesIn(now) : now) };
    },
  };
}

/** The averaging of a phase, in steps of that phase. */
function averagingOf(
  { averaging }: AdaptationConfig,
  { steps }: AdaptationPhase,
): WeightAveraging | undefined {
  switch (averaging.kind) {
    case 'ema':
      return averaging;
    case 'swa':
      return { kind: 'swa', from: Math.floor(averaging.start * steps) + 1 };
    case 'none':
      return undefined;
  }
}

/** Masks keyed by seed and step. An encoder that is frozen as a whole is used as it will be: without dropout. */
function dropoutMasks(
  { encoderConfig, headConfig }: AdaptationOptions,
  { seed }: AdaptationConfig,
  { trained }: AdaptationPhase,
  batch: HostTensors,
  step: number,
): HostTensors {
  const series = batch.patches?.shape[0];
  if (series === undefined) {
    throw new PatchBertError(
      'train/bad-options',
      'adaptByGradient: makeBatch returned no "patches"; expected [series, patchCount, patchLength].',
    );
  }
  const key = deriveKey(randomKey(seed), 'dropout', step);
  const encoderTrains = trained.some((name) => name.startsWith('encoder.'));
  const shape = { series, tokens: encoderConfig.patchCount };
  const masks = {
    ...(encoderTrains && drawDropoutMasks(encoderConfig, dropoutMaskSpecs(encoderConfig, shape), key)),
    ...drawDropoutMasks(headConfig, headDropoutMaskSpecs(headConfig, encoderConfig, series), key),
  };
  return Object.fromEntries(Object.entries(masks).map(([name, mask]) => [DROPOUT_PREFIX + name, mask]));
}
