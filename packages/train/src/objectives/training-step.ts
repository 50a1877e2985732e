import type { Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors, Tensors } from '@patchbert/ops';
import { scalarTensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { GradientTransform } from '../optimise/gradient-transform.ts';
import type { MeasuringObjective, Objective } from './objective.ts';
import { valueGradientsAndMeasured } from './value-gradients-and-measured.ts';

/** Prefix of the batch entries that carry the optimiser's scalars. */
const SCALAR_PREFIX = 'optimiser.';

/**
 * One training step: loss, gradients of the named parameters, optimiser, new state. The objective may read every state
 * entry, so a parameter that is not named is frozen: it is used as it is, without a gradient. What a `MeasuringObjective`
 * measured, such as running statistics, becomes state as it is; the optimiser never sees it. Outputs `loss` and what the optimiser
 * outputs, such as `gradientNorm`.
 *
 * The step throws PatchBertError `train/missing-scalar`, when traced or run, if the batch lacks one of `optimiserScalars`.
 *
 * @example
 * const step = trainingStep(maskedReconstruction(config), adamW({ clipNorm: 1 }), Object.keys(parameters));
 */
export function trainingStep(
  objective: Pick<Objective, 'loss'> | Pick<MeasuringObjective, 'loss'>,
  optimiser: GradientTransform,
  parameterNames: readonly string[],
): Step {
  const trained = new Set(parameterNames);
  const scalarNames = Object.keys(optimiserScalars(optimiser, 1, 0));
  return (state, batch) => {
    requireScalars(batch, scalarNames);
    const parameters = pick(state, (name) => trained.has(name));
    const optimiserState = pick(state, (name) => !trained.has(name));
    const { scalars, inputs } = splitScalars(batch);
    const { value, gradients, measured } = valueGradientsAndMeasured(
      (tensors) => objective.loss({ ...state, ...named(parameterNames, tensors) }, inputs),
      parameterNames.map((name) => parameters[name]!),
    );
    const result = optimiser.update(named(parameterNames, gradients), {
      state: optimiserState,
      parameters,
      scalars,
    });
    const next: Record<string, tf.Tensor> = { ...measured, ...result.state };
    for (const name of parameterNames) next[name] = tf.sub(parameters[name]!, result.updates[name]!);
    return { state: next, outputs: { loss: value, ...result.outputs } };
  };
}

/** Measures without changing anything: the outputs of `objective.evaluate`. */
export function evaluationStep(objective: Objective | MeasuringObjective): Step {
  return (state, batch) => ({ state: {}, outputs: objective.evaluate(state, batch) });
}

/** The batch entries that `trainingStep` expects besides the objective's: `optimiser.learningRate` and the like. */
export function optimiserScalars(
  optimiser: GradientTransform,
  step: number,
  learningRate: number,
): HostTensors {
  const scalars = { ...optimiser.scalars(step), learningRate };
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [`${SCALAR_PREFIX}${name}`, scalarTensor(value)]),
  );
}

function requireScalars(batch: Tensors, names: readonly string[]): void {
  const missing = names.filter((name) => !Object.hasOwn(batch, name));
  if (missing.length === 0) return;
  throw new PatchBertError(
    'train/missing-scalar',
    `trainingStep: the batch lacks ${missing.map((name) => `"${name}"`).join(', ')}. Add optimiserScalars(optimiser, step, ` +
      'learningRate) to every batch, and to the one that the signature is read from.',
  );
}

function splitScalars(batch: Tensors): { scalars: Tensors; inputs: Tensors } {
  const scalars: Record<string, tf.Tensor> = {};
  const inputs: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(batch)) {
    if (name.startsWith(SCALAR_PREFIX)) scalars[name.slice(SCALAR_PREFIX.length)] = tensor;
    else inputs[name] = tensor;
  }
  return { scalars, inputs };
}

function pick(tensors: Tensors, wanted: (name: string) => boolean): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => wanted(name)));
}

function named(names: readonly string[], tensors: readonly tf.Tensor[]): Tensors {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
}
