import type { Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { type HostTensors, scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How weights are averaged over steps: `ema`, a moving average that keeps `decay` of itself at each step (Polyak and
 * Juditsky 1992), or `swa`, the plain mean of the weights after step `from` and all later steps (Izmailov et al. 2018).
 */
export type WeightAveraging =
  | { readonly kind: 'ema'; readonly decay: number }
  | { readonly kind: 'swa'; readonly from: number };

const PREFIX = 'averaged.';
const RATE = 'averaging.rate';

/**
 * State entries `averaged.<name>` of an average that starts at `parameters`.
 *
 * @example
 * const state = { ...parameters, ...optimiser.initialState(parameters), ...averagedWeights(parameters) };
 */
export function averagedWeights(parameters: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [
      PREFIX + name,
      { ...tensor, data: tensor.data.slice() },
    ]),
  );
}

/** The averages of a state under the names of their parameters; empty when it holds none. */
export function averagesIn(state: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, tensor]) => [name.slice(PREFIX.length), tensor]),
  );
}

/**
 * The batch entry `averaging.rate` of a step, from 1: the share of the new weights in the average. It enters as an input, so
 * nothing recompiles.
 *
 * `ema`: `1 - min(decay, step / (step + 9))`, so that a short run is not the average of its start (the warm-up that
 * TensorFlow offers). `swa`: 1 up to step `from`, then `1 / 2, 1 / 3, ...`.
 *
 * @throws PatchBertError `train/bad-optimiser` for a decay outside [0, 1) or a `from` that is no step.
 */
export function averagingScalars(averaging: WeightAveraging, step: number): HostTensors {
  return { [RATE]: scalarTensor(rateAt(averaging, step)) };
}

function rateAt(averaging: WeightAveraging, step: number): number {
  if (averaging.kind === 'ema') {
    const { decay } = averaging;
    if (!(decay >= 0 && decay < 1)) throw badOption(`decay is ${decay}; expected 0 <= number < 1`);
    return 1 - Math.min(decay, step / (step + 9));
  }
  const { from } = averaging;
  if (!(Number.isSafeInteger(from) && from >= 1)) throw badOption(`from is ${from}; expected a step >= 1`);
  return step <= from ? 1 : 1 / (step - from + 1);
}

/**
 * A step that also averages the weights: every state entry `averaged.<name>` moves towards the new value of `<name>` by the
 * share `averaging.rate` of the batch.
 *
 * The step throws PatchBertError `train/missing-scalar`, when traced or run, if the batch lacks `averagingScalars`.
 *
 * @example
 * const step = withAveragedWeights(trainingStep(objective, optimiser, names));
 */
export function withAveragedWeights(step: Step): Step {
  return (state, { [RATE]: rate, ...batch }) => {
    if (rate === undefined) {
      throw new PatchBertError(
        'train/missing-scalar',
        `withAveragedWeights: the batch lacks "${RATE}". Add averagingScalars(averaging, step) to every batch, and to the one ` +
          'that the signature is read from.',
      );
    }
    const result = step(state, batch);
    const next: Record<string, tf.Tensor> = { ...result.state };
    for (const [name, average] of Object.entries(state)) {
      const weight = name.startsWith(PREFIX) ? result.state[name.slice(PREFIX.length)] : undefined;
      if (weight) next[name] = tf.add(average, tf.mul(tf.sub(weight, average), rate));
    }
    return { ...result, state: next };
  };
}

function badOption(what: string): PatchBertError {
  return new PatchBertError('train/bad-optimiser', `averagingScalars: ${what}.`);
}
