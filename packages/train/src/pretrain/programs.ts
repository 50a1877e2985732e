import type { Backend, Program, Step } from '@patchbert/backend';
import { initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import { signatureOf } from '../batches/signature-of.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { maskedReconstruction } from '../objectives/masked-reconstruction.ts';
import type { Objective } from '../objectives/objective.ts';
import { evaluationStep, optimiserScalars, trainingStep } from '../objectives/training-step.ts';
import { accumulateGradients } from '../optimise/accumulate-gradients.ts';
import { adamW } from '../optimise/adam-w.ts';
import { chain, type GradientTransform } from '../optimise/gradient-transform.ts';
import { measureGradientNorm } from '../optimise/measure-gradient-norm.ts';
import type { PretrainConfig } from './config.ts';
import type { PreparedPretraining } from './prepare.ts';

/** The compiled steps of a run, with its state on the device. */
export interface PretrainPrograms {
  readonly training: Program;
  /** Forward only; `loadEvaluation` gives it the parameters. */
  readonly evaluation: Program;
  readonly optimiser: GradientTransform;
  /** Inputs of training step `step`, from 1, without the optimiser's scalars. */
  readonly trainingBatch: (step: number) => HostTensors;
  /** Copies the current parameters from the training program to the evaluation program, and hands them back. */
  loadEvaluation(): Promise<HostTensors>;
  /** Replaces the state by that of a checkpoint, or by the one a run begins with. */
  load(checkpoint: Checkpoint | undefined): Promise<void>;
  readState(): Promise<Pick<Checkpoint, 'parameters' | 'optimiser'>>;
  dispose(): void;
}

/** The training step of a configuration, before anything is compiled. */
export interface TrainingSetup {
  readonly step: Step;
  readonly optimiser: GradientTransform;
  /** Weights before the first step, by the names of the parameters. */
  readonly initial: HostTensors;
  /** The whole state before the first step. */
  readonly initialState: HostTensors;
  /** Inputs of training step `step`, from 1, without the optimiser's scalars. */
  readonly trainingBatch: (step: number) => HostTensors;
  /** The objective, for evaluation. */
  readonly objective: Objective;
}

/** What a run trains with, from its configuration and its data. */
export function trainingSetup(config: PretrainConfig, prepared: PreparedPretraining): TrainingSetup {
  const trainingBatch = rememberingLast(prepared.trainingBatch);
  const optimiser = optimiserOf(config, trainingBatch);
  const initial = initialiseMaskedAutoencoder(prepared.model, deriveKey(randomKey(config.seed), 'weights'));
  const objective = maskedReconstruction(prepared.model, { spectrumWeight: config.spectrumWeight });
  return {
    step: trainingStep(objective, optimiser, Object.keys(initial)),
    optimiser,
    initial,
    initialState: { ...initial, ...optimiser.initialState(initial) },
    trainingBatch,
    objective,
  };
}

/** The state of a checkpoint for a step; its tensors must be those of the step. */
export function stateOf({ parameters, optimiser }: Checkpoint, { initialState }: TrainingSetup): HostTensors {
  const state = { ...parameters, ...optimiser };
  requireSameTensors(state, initialState);
  return state;
}

/** Compiles both steps and writes the initial state, or that of a checkpoint. */
export async function compilePrograms(
  backend: Backend,
  config: PretrainConfig,
  prepared: PreparedPretraining,
  checkpoint: Checkpoint | undefined,
): Promise<PretrainPrograms> {
  const setup = trainingSetup(config, prepared);
  const { optimiser, initial, initialState, trainingBatch } = setup;
  const names = Object.keys(initial);
  const batch = { ...trainingBatch(1), ...optimiserScalars(optimiser, 1, 0) };
  const training = await backend.compile(setup.step, signatureOf(initialState, batch));
  const evaluation = await backend.compile(
    evaluationStep(setup.objective),
    signatureOf(initial, prepared.validation.batches[0]!.inputs),
  );
  const load = (from: Checkpoint | undefined) =>
    training.writeState(from ? stateOf(from, setup) : initialState);
  await load(checkpoint);
  return {
    training,
    evaluation,
    optimiser,
    trainingBatch,
    loadEvaluation: async () => {
      const parameters = await training.readState(names);
      await evaluation.writeState(parameters);
      return parameters;
    },
    load,
    readState: async () => {
      const state = Object.entries(await training.readState());
      return {
        parameters: Object.fromEntries(state.filter(([name]) => Object.hasOwn(initial, name))),
        optimiser: Object.fromEntries(state.filter(([name]) => !Object.hasOwn(initial, name))),
      };
    },
    dispose() {
      training.dispose();
      evaluation.dispose();
    },
  };
}

function optimiserOf(
  config: PretrainConfig,
  trainingBatch: (step: number) => HostTensors,
): GradientTransform {
  const { beta1, beta2, adamEpsilon, weightDecay, clipNorm, accumulateSteps } = config;
  const adam = adamW({
    beta1,
    beta2,
    epsilon: adamEpsilon,
    weightDecay,
    ...(clipNorm !== null && { clipNorm }),
  });
  const optimiser = clipNorm === null ? chain(measureGradientNorm(), adam) : adam;
  if (accumulateSteps === 1) return optimiser;
  // The loss is a mean over hidden, measured points; their number differs where values are missing.
  const weight = (step: number) => Math.max(1, total(trainingBatch(step).lossWeight!.data));
  return accumulateGradients(optimiser, { every: accumulateSteps, weight });
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** The batch of a step is asked for twice in a row: for itself, and for its weight. */
function rememberingLast(makeBatch: (step: number) => HostTensors): (step: number) => HostTensors {
  let last: { readonly step: number; readonly batch: HostTensors } | undefined;
  return (step) => {
    if (last?.step !== step) last = { step, batch: makeBatch(step) };
    return last.batch;
  };
}

function requireSameTensors(actual: HostTensors, expected: HostTensors): void {
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  const shapeOf = (tensors: HostTensors, name: string) =>
    Object.hasOwn(tensors, name) ? `[${tensors[name]!.shape.join(', ')}]` : 'nothing';
  const wrong = [...names].filter((name) => shapeOf(actual, name) !== shapeOf(expected, name));
  if (wrong.length === 0) return;
  const lines = wrong.map((name) => `${name}: ${shapeOf(actual, name)}, expected ${shapeOf(expected, name)}`);
  throw new PatchBertError(
    'train/bad-checkpoint',
    `pretrain: the checkpoint holds tensors of another model. ${lines.join('; ')}. Use the run's own checkpoints.`,
  );
}
