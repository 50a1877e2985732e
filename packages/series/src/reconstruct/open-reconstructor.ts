import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { encoderParameterSpecs, patchTokens } from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import { type HostTensors, linear } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import { openSeriesProgram } from '../features/series-program.ts';
import { encoderOf } from '../input/encoder-of.ts';
import type { SeriesInputs } from '../input/series-inputs.ts';
import { joinPatches } from './join-patches.ts';

/** What a pretrained model says about the points of series, hidden ones too; one compiled program. */
export interface SeriesReconstructor {
  /**
   * A value for every point of every channel, `[channels * length]` of each series, in scaled units; it is read from the visible points
   * alone. Where patches overlap, their mean.
   */
  reconstruct(masked: readonly SeriesPoints[]): Promise<Float32Array[]>;
  /** Other weights of the same model from now on. */
  load(parameters: HostTensors): Promise<void>;
  dispose(): void;
}

export interface SeriesReconstructorOptions {
  readonly backend: Backend;
  readonly inputs: SeriesInputs;
  /** Those of a pretraining with reconstruction. */
  readonly parameters: HostTensors;
  /** Series of one run of the device. Default 32. */
  readonly batchSize?: number;
}

/**
 * Compiles a pretrained encoder with its reconstruction head.
 *
 * @throws PatchBertError `series/no-reconstruction` when pretraining had no part that reconstructs.
 * @example
 * const { inputs, parameters } = await readSeriesCheckpoint('runs/first');
 * const reconstructor = await openReconstructor({ backend, inputs, parameters });
 * const [filled] = await reconstructor.reconstruct([maskCells(points, { cellLength: 8, share: 0.3 }, randomKey(0))]);
 */
export async function openReconstructor(options: SeriesReconstructorOptions): Promise<SeriesReconstructor> {
  const { backend, inputs, batchSize } = options;
  if (!canReconstruct(options.parameters)) {
    throw new PatchBertError(
      'series/no-reconstruction',
      'openReconstructor: the model was pretrained without reconstruction, it can fill nothing in; give its losses "reconstruction" or ' +
        '"spectrum" a weight above 0.',
    );
  }
  const config = encoderOf(inputs);
  const names = [...Object.keys(encoderParameterSpecs(config)), 'head.weight', 'head.bias'];
  const { run, load, dispose } = await openSeriesProgram({
    backend,
    inputs,
    parameters: Object.fromEntries(names.map((name) => [name, options.parameters[name]!])),
    batchSize,
    read: ({ output }, parameters) =>
      linear(
        patchTokens(output, config),
        parameters['head.weight'] as tf.Tensor2D,
        parameters['head.bias'] as tf.Tensor1D,
      ), // [S, V, D] -> [S, V, channels together * P]
  });
  return {
    reconstruct: async (masked) => joinPatches(await run(masked), masked.length, inputs),
    load,
    dispose,
  };
}

/** Whether weights can fill in hidden points: those of a pretraining with reconstruction. */
export function canReconstruct(parameters: HostTensors): boolean {
  return 'head.weight' in parameters && 'head.bias' in parameters;
}
