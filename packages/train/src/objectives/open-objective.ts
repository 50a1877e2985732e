import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { signatureOf } from '../batches/signature-of.ts';
import type { MeasuringObjective, Objective } from './objective.ts';
import { valueGradientsAndMeasured } from './value-gradients-and-measured.ts';

/** An objective with fixed parameters, compiled. */
export interface OpenObjective {
  /** `loss`, `gradientNorm` (over all learned parameters) and everything `evaluate` outputs, by name. */
  measure(batch: HostTensors): Promise<Record<string, Float32Array | Int32Array>>;
  dispose(): void;
}

export interface OpenObjectiveOptions {
  readonly backend: Backend;
  readonly objective: Objective | MeasuringObjective;
  /** Everything the objective reads: parameters, and what is measured. */
  readonly parameters: HostTensors;
  /** A batch of the names and shapes to come. */
  readonly batch: HostTensors;
  /** Names of the parameters that are learned. Default: all. */
  readonly learned?: readonly string[];
}

/**
 * Compiles what an objective says of a batch, without training: for a leak audit of the objective itself.
 *
 * @throws PatchBertError as `Backend.compile`.
 * @example
 * const open = await openObjective({ backend, objective: maskedReconstruction(model), parameters, batch });
 * const { loss, prediction } = await open.measure(batch);
 */
export async function openObjective(options: OpenObjectiveOptions): Promise<OpenObjective> {
  const { backend, objective, parameters, batch } = options;
  const learned = options.learned ?? Object.keys(parameters);
  const program = await backend.compile(
    (state, inputs) => {
      const { value, gradients } = valueGradientsAndMeasured(
        (tensors) =>
          objective.loss(
            { ...state, ...Object.fromEntries(learned.map((name, i) => [name, tensors[i]!])) },
            inputs,
          ),
        learned.map((name) => state[name]!),
      );
      const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
      const gradientNorm = tf.sqrt(squares.reduce((sum, one) => tf.add(sum, one)));
      return { state: {}, outputs: { ...objective.evaluate(state, inputs), loss: value, gradientNorm } };
    },
    signatureOf(parameters, batch),
  );
  await program.writeState(parameters);
  return {
    measure: async (given) => {
      const outputs = await program.run(given);
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
    },
    dispose: () => program.dispose(),
  };
}
