import type { Signature, Step } from '@patchbert/backend';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { deriveKey, normals, type RandomKey } from '@patchbert/random';
import {
  type AdamWOptions,
  adamW,
  type Objective,
  optimiserScalars,
  signatureOf,
  trainingStep,
} from '@patchbert/train/step';

/** A training step with all that it is fed: the same numbers for every backend. */
export interface TrainingRun {
  readonly objective: Objective;
  readonly step: Step;
  readonly signature: Signature;
  /** Parameters and optimiser moments before the first step. */
  readonly state: HostTensors;
  /** The batch of a step, counted from 1. */
  batchOf(step: number): HostTensors;
}

/** What a training run is made of. */
export interface TrainingRunParts {
  readonly objective: Objective;
  readonly parameters: HostTensors;
  readonly inputsOf: (step: number) => HostTensors;
}

/**
 * The epsilon keeps the comparison well conditioned: AdamW divides by the root of the mean square, so where single numbers of a
 * gradient cancel to about 0, noise is divided by noise. 1e-3 is far above the noise of single precision (1e-8) and below most
 * gradients (1e-2), which are normalised as usual. The norm is clipped in some steps and not in others.
 */
const optimiserOptions: AdamWOptions = { epsilon: 1e-3, weightDecay: 0.01, clipNorm: 2 };
const LEARNING_RATE = 0.005;
/** How far start values are moved, so that no bias is 0 and no scale is 1. */
const START_DEVIATION = 0.1;

/** A run of the training step that pretraining and fine-tuning use, from start values that show every mistake. */
export function createTrainingRun(
  { objective, parameters, inputsOf }: TrainingRunParts,
  key: RandomKey,
): TrainingRun {
  const optimiser = adamW(optimiserOptions);
  const start = moved(parameters, deriveKey(key, 'start'));
  const trained = Object.fromEntries(Object.entries(start).filter(([parameter]) => isTrained(parameter)));
  const state = { ...start, ...optimiser.initialState(trained) };
  const batchOf = (step: number) => ({
    ...inputsOf(step),
    ...optimiserScalars(optimiser, step, LEARNING_RATE),
  });
  return {
    objective,
    step: trainingStep(objective, optimiser, Object.keys(trained)),
    signature: signatureOf(state, batchOf(1)),
    state,
    batchOf,
  };
}

/** The bias of keys stays frozen: softmax cancels it, its gradient is 0 in theory, and its moments would be noise alone. */
function isTrained(parameter: string): boolean {
  return !parameter.endsWith('.attention.key.bias');
}

function moved(parameters: HostTensors, key: RandomKey): HostTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => {
      const moves = normals(deriveKey(key, name), data.length);
      return [
        name,
        float32Tensor(
          Float32Array.from(data, (x, i) => x + START_DEVIATION * moves[i]!),
          shape,
        ),
      ];
    }),
  );
}
