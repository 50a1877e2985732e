import type { Backend, Program } from '@patchbert/backend';
import { initialiseMaskedAutoencoder } from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import { signatureOf } from '../batches/signature-of.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { maskedReconstruction } from '../objectives/masked-reconstruction.ts';
import { evaluationStep, optimiserScalars, trainingStep } from '../objectives/training-step.ts';
import { adamW } from '../optimise/adam-w.ts';
import type { GradientTransform } from '../optimise/gradient-transform.ts';
import type { PretrainConfig } from './config.ts';
import type { PreparedPretraining } from './prepare.ts';

/** The compiled steps of a run, with its state on the device. */
export interface PretrainPrograms {
  readonly training: Program;
  /** Forward only; `loadEvaluation` gives it the parameters. */
  readonly evaluation: Program;
  readonly optimiser: GradientTransform;
  /** Copies the current parameters from the training program to the evaluation program. */
  loadEvaluation(): Promise<void>;
  /** Back to the state the run began with, or was resumed from. */
  reset(): Promise<void>;
  readState(): Promise<Pick<Checkpoint, 'parameters' | 'optimiser'>>;
  dispose(): void;
}

/** Compiles both steps and writes the initial state, or that of a checkpoint. */
export async function compilePrograms(
  backend: Backend,
  config: PretrainConfig,
  prepared: PreparedPretraining,
  checkpoint: Checkpoint | undefined,
): Promise<PretrainPrograms> {
  const { beta1, beta2, adamEpsilon, weightDecay, clipNorm } = config;
  const optimiser = adamW({
    beta1,
    beta2,
    epsilon: adamEpsilon,
    weightDecay,
    ...(clipNorm !== null && { clipNorm }),
  });
  const initial = initialiseMaskedAutoencoder(prepared.model, deriveKey(randomKey(config.seed), 'weights'));
  const names = Object.keys(initial);
  const expected = { ...initial, ...optimiser.initialState(initial) };
  const start = checkpoint ? { ...checkpoint.parameters, ...checkpoint.optimiser } : expected;
  if (checkpoint) requireSameTensors(start, expected);

  const objective = maskedReconstruction(prepared.model, { spectrumWeight: config.spectrumWeight });
  const batch = { ...prepared.trainingBatch(1), ...optimiserScalars(optimiser, 1, 0) };
  const training = await backend.compile(
    trainingStep(objective, optimiser, names),
    signatureOf(expected, batch),
  );
  const evaluation = await backend.compile(
    evaluationStep(objective),
    signatureOf(initial, prepared.validation.batches[0]!.inputs),
  );
  await training.writeState(start);
  return {
    training,
    evaluation,
    optimiser,
    loadEvaluation: async () => evaluation.writeState(await training.readState(names)),
    reset: () => training.writeState(start),
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
